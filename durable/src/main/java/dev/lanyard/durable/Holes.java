package dev.lanyard.durable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Ids of events that were passed over and may still come, as ranges: a transaction that commits
 * late may have any number of them. Each is looked at for a while. Not for several threads.
 */
final class Holes {
  /** So many questions to the database are asked at a time. */
  private static final int MOST = 64;

  /** From the first id to the last, both missing, until a moment. */
  record Hole(long first, long last, long until) {}

  private final TreeMap<Long, Hole> byFirst = new TreeMap<>();

  boolean isEmpty() {
    return byFirst.isEmpty();
  }

  void add(long first, long last, long until) {
    byFirst.put(first, new Hole(first, last, until));
    // Most are transactions that were rolled back: the oldest ones have waited longest in vain.
    while (byFirst.size() > MOST) byFirst.pollFirstEntry();
  }

  List<Hole> stillLookedAt(long now) {
    byFirst.values().removeIf(hole -> hole.until < now);
    return List.copyOf(byFirst.values());
  }

  /** It has come: what is left of its hole is before and behind it. */
  void fill(long id) {
    Map.Entry<Long, Hole> entry = byFirst.floorEntry(id);
    if (entry == null || entry.getValue().last < id) return;
    Hole hole = entry.getValue();
    byFirst.remove(hole.first);
    if (hole.first < id) byFirst.put(hole.first, new Hole(hole.first, id - 1, hole.until));
    if (id < hole.last) byFirst.put(id + 1, new Hole(id + 1, hole.last, hole.until));
  }
}
