package dev.lanyard.context;

import java.time.Instant;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The clock and the alarms of a tree of contexts. It is given at the root ({@link
 * Context#root(TimeSource)}) and never to a single call; everything derived from that root lives on
 * it. Production uses {@link #system()}; tests move one by hand ({@code ManualTime} in the testing
 * module).
 *
 * <p>An implementation must allow calls from any thread and must not call back into a context from
 * {@link #schedule} or from stopping an alarm: both are called while a lock of the tree is held.
 * Alarms run actions with no lock of their own held.
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

/** The only place of the library that reads the machine's clocks. */
enum SystemTime implements TimeSource {
  INSTANCE;

  /**
   * The JDK's own timer queue, in a pool that nobody else can fill. Two workers, so that one action
   * that takes too long does not hold up every deadline of the process.
   */
  private static final ForkJoinPool ALARMS = new ForkJoinPool(2, SystemTime::newWorker, null, true);

  private static ForkJoinWorkerThread newWorker(ForkJoinPool pool) {
    ForkJoinWorkerThread worker = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
    worker.setName("lanyard-deadlines-" + worker.getPoolIndex());
    worker.setDaemon(true);
    return worker;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public Registration schedule(long nanoTime, Runnable action) {
    ScheduledFuture<?> alarm =
        ALARMS.schedule(action, nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
    return () -> alarm.cancel(false);
  }
}
