package dev.lanyard.context;

import java.time.Duration;
import java.time.Instant;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A clock that a test moves by hand. Alarms ring on the thread that moves it, in the order of their
 * time, each at its own moment. It begins shortly before the reading wraps, so every test also
 * tests that.
 */
final class HandClock implements TimeSource {
  static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

  private final TreeSet<Alarm> alarms = new TreeSet<>();
  private long now = Long.MAX_VALUE - Duration.ofMillis(1500).toNanos() - 1;
  private Instant wall = NEW_YEAR;
  private long made;
  private boolean reading;
  private @Nullable Thread refused;

  private Runnable onSchedule = () -> {};
  private Runnable onStop = () -> {};

  @Override
  public synchronized long nanoTime() {
    if (Thread.currentThread() == refused) throw new IllegalStateException("the clock is broken");
    reading = true;
    return now;
  }

  @Override
  public synchronized Instant instant() {
    return wall;
  }

  @Override
  public synchronized Registration schedule(long nanoTime, Runnable action) {
    onSchedule.run();
    var alarm = new Alarm(this, nanoTime, made++, action);
    if (nanoTime - now <= 0) Thread.startVirtualThread(action);
    else alarms.add(alarm);
    return alarm;
  }

  /** From now on this thread cannot read the clock. */
  synchronized void failOn(Thread thread) {
    refused = thread;
  }

  /** How many alarms are waiting. */
  synchronized int armed() {
    return alarms.size();
  }

  /** Whether anyone has read the clock since this was asked last. */
  synchronized boolean wasRead() {
    boolean was = reading;
    reading = false;
    return was;
  }

  /** Called whenever an alarm is set and whenever one is stopped, under the locks of the caller. */
  synchronized void observe(Runnable onSchedule, Runnable onStop) {
    this.onSchedule = onSchedule;
    this.onStop = onStop;
  }

  void advance(Duration duration) {
    long until;
    synchronized (this) {
      until = now + duration.toNanos();
    }
    for (Alarm due = next(until); due != null; due = next(until)) due.action.run();
  }

  /** As if the thread that rings the alarms got no processor meanwhile. */
  synchronized void advanceWithoutRinging(Duration duration) {
    now += duration.toNanos();
    wall = wall.plus(duration);
  }

  /** Moves the wall clock alone, as an administrator does. */
  synchronized void setWall(Instant instant) {
    wall = instant;
  }

  private synchronized @Nullable Alarm next(long until) {
    Alarm due = alarms.isEmpty() || alarms.first().nanoTime - until > 0 ? null : alarms.pollFirst();
    long reached = due == null ? until : due.nanoTime;
    if (reached - now > 0) {
      wall = wall.plusNanos(reached - now);
      now = reached;
    }
    return due;
  }

  private synchronized boolean stop(Alarm alarm) {
    onStop.run();
    return alarms.remove(alarm);
  }

  private record Alarm(HandClock clock, long nanoTime, long number, Runnable action)
      implements Registration, Comparable<Alarm> {
    @Override
    public boolean stop() {
      return clock.stop(this);
    }

    @Override
    public int compareTo(Alarm other) {
      long difference = nanoTime - other.nanoTime;
      return difference != 0 ? Long.signum(difference) : Long.compare(number, other.number);
    }
  }
}
