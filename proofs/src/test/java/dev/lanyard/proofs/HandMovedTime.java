package dev.lanyard.proofs;

import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A clock for races: it moves only by {@link #moveTo}, and no lock of its own orders what the test
 * wants unordered. Counts the alarms that are armed.
 */
public final class HandMovedTime implements TimeSource {
  private final Set<Alarm> armed = ConcurrentHashMap.newKeySet();
  private volatile long now;

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochSecond(0, now);
  }

  @Override
  public Registration schedule(long nanoTime, Runnable action) {
    var alarm = new Alarm(nanoTime, action);
    armed.add(alarm);
    return () -> armed.remove(alarm);
  }

  /** Moves the clock, then rings what is due. */
  public void moveTo(long nanoTime) {
    now = nanoTime;
    ring();
  }

  /** Moves the clock as if the thread that rings were late: see {@link #ring}. */
  public void moveSilentlyTo(long nanoTime) {
    now = nanoTime;
  }

  /** Rings what is due, also what was scheduled when it was overdue already. */
  public void ring() {
    for (Alarm alarm : List.copyOf(armed)) {
      if (alarm.nanoTime - now <= 0 && armed.remove(alarm)) alarm.action.run();
    }
  }

  /** How many alarms have yet to ring though their moment has come. */
  public long overdue() {
    return armed.stream().filter(alarm -> alarm.nanoTime - now <= 0).count();
  }

  public int armed() {
    return armed.size();
  }

  private static final class Alarm {
    private final long nanoTime;
    private final Runnable action;

    Alarm(long nanoTime, Runnable action) {
      this.nanoTime = nanoTime;
      this.action = action;
    }
  }
}
