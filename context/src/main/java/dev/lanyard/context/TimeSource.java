package dev.lanyard.context;

import java.time.Instant;

/**
 * The clock and the alarms of a tree of contexts. It is given at the root ({@link
 * Context#root(TimeSource)}) and never to a single call; everything derived from that root lives on
 * it. Production uses {@link #system()}; tests move one by hand ({@code ManualTime} in the testing
 * module).
 *
 * <p>An implementation must allow calls from any thread and must not call back into a context from
 * {@link #schedule} or from stopping an alarm: both are called while a lock of the tree is held.
 * Neither may block for long, nor throw. Alarms run actions with no lock of their own held.
 *
 * @since 0.1
 */
public interface TimeSource {
  /**
   * A monotonic reading. Only differences mean something, and it may wrap: compare with {@code a -
   * b < 0}.
   *
   * @return nanoseconds
   */
  long nanoTime();

  /**
   * The wall clock, read only to translate an {@link Instant} into a deadline and back for people.
   *
   * @return now
   */
  Instant instant();

  /**
   * Runs an action once the clock has reached a reading; at once, on another thread, if it has
   * already.
   *
   * @param nanoTime the reading of {@link #nanoTime()} to wait for
   * @param action short and non-blocking
   * @return stops the alarm; it must then forget the action at once, or ended contexts stay in
   *     memory until their time
   */
  Registration schedule(long nanoTime, Runnable action);

  /**
   * The JDK's clocks, with alarms on platform threads of their own: they ring on time while every
   * carrier of virtual threads and the common pool are busy.
   *
   * @return the one instance
   */
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }
}
