package dev.lanyard.context;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Alarms in the order of their moments: a heap of four children to a node, as flat as its lines in
 * the cache are wide, under its own monitor.
 *
 * <p>An alarm that was stopped stays as an empty shell until as many were stopped as half of the
 * heap, which is then swept. So stopping costs a count instead of a search, and a sweep looks at no
 * more than two for each that was stopped.
 */
final class AlarmHeap {
  private static final int SMALLEST = 64;

  /** The moment of each alarm, beside it: comparing needs no look at the alarms themselves. */
  private long[] moments = new long[SMALLEST];

  private @Nullable Alarm[] alarms = new Alarm[SMALLEST];
  private int size;

  /** How many were stopped since the last sweep, about: many threads count without the lock. */
  private int stopped;

  /** Keeps two heaps out of one line of the cache. */
  @SuppressWarnings("UnusedVariable")
  private long pad1, pad2, pad3, pad4, pad5, pad6, pad7, pad8, pad9, pad10, pad11, pad12;

  synchronized void add(Alarm alarm) {
    if (size == alarms.length) resize(2 * size);
    siftUp(size, alarm.moment(), alarm);
    size++;
  }

  /** One of these alarms was stopped. */
  void noteStopped() {
    stopped++;
    if (stopped >= SMALLEST && stopped > size / 2) sweep();
  }

  /** The action of an alarm whose moment has come, claimed for the caller. */
  synchronized @Nullable Runnable takeDue(long now) {
    while (size > 0 && moments[0] - now <= 0) {
      Runnable action = removeFirst().claim();
      if (action != null) return action;
    }
    return null;
  }

  /** The moment of the earliest alarm, if that is earlier than the given one. */
  synchronized long earliest(long otherwise) {
    while (size > 0 && first().isStopped()) removeFirst();
    return size > 0 && moments[0] - otherwise < 0 ? moments[0] : otherwise;
  }

  private Alarm first() {
    return Objects.requireNonNull(alarms[0]);
  }

  private Alarm removeFirst() {
    Alarm first = first();
    size--;
    Alarm last = Objects.requireNonNull(alarms[size]);
    alarms[size] = null;
    if (size > 0) siftDown(0, moments[size], last);
    return first;
  }

  private synchronized void sweep() {
    if (stopped <= size / 2) return; // another thread was first
    int living = 0;
    for (int i = 0; i < size; i++) {
      Alarm alarm = Objects.requireNonNull(alarms[i]);
      if (!alarm.isStopped()) put(living++, moments[i], alarm);
    }
    Arrays.fill(alarms, living, size, null);
    size = living;
    stopped = 0;
    for (int i = (size - 2) >> 2; i >= 0; i--) {
      siftDown(i, moments[i], Objects.requireNonNull(alarms[i]));
    }
    if (size < alarms.length / 4) resize(Math.max(SMALLEST, 2 * Integer.highestOneBit(size)));
  }

  private void resize(int capacity) {
    long[] sameMoments = Arrays.copyOf(moments, capacity); // both or none: there may be no memory
    alarms = Arrays.copyOf(alarms, capacity);
    moments = sameMoments;
  }

  private void siftUp(int from, long moment, Alarm alarm) {
    int hole = from;
    while (hole > 0) {
      int parent = (hole - 1) >> 2;
      if (moments[parent] - moment <= 0) break;
      put(hole, moments[parent], alarms[parent]);
      hole = parent;
    }
    put(hole, moment, alarm);
  }

  private void siftDown(int from, long moment, Alarm alarm) {
    int hole = from;
    for (int child = earliestChild(hole);
        child < size && moments[child] - moment < 0;
        child = earliestChild(hole)) {
      put(hole, moments[child], alarms[child]);
      hole = child;
    }
    put(hole, moment, alarm);
  }

  /** Where the earliest child stands; the size or more if there is none. */
  private int earliestChild(int parent) {
    int first = 4 * parent + 1;
    int earliest = first;
    for (int child = first + 1; child < Math.min(first + 4, size); child++) {
      if (moments[child] - moments[earliest] < 0) earliest = child;
    }
    return earliest;
  }

  private void put(int index, long moment, @Nullable Alarm alarm) {
    moments[index] = moment;
    alarms[index] = alarm;
  }
}
