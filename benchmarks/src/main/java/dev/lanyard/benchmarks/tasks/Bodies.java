package dev.lanyard.benchmarks.tasks;

import dev.lanyard.context.TimeSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the tasks do: they count themselves. Static because JobRunr makes its handlers itself; one
 * measurement runs at a time.
 */
final class Bodies {
  private static final TimeSource TIME = TimeSource.system();
  private static final AtomicLong RUN = new AtomicLong();
  private static volatile long firstNanos;

  private Bodies() {}

  static void reset() {
    RUN.set(0);
  }

  static void run() {
    if (RUN.getAndIncrement() == 0) firstNanos = TIME.nanoTime();
  }

  static long count() {
    return RUN.get();
  }

  /** When the first one ran, once there was one. */
  static long firstNanos() {
    return firstNanos;
  }
}
