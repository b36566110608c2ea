package dev.lanyard.proofs;

import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what other threads, or the garbage collector, will do. */
final class Eventually {
  private Eventually() {}

  /** True as soon as the condition holds; false if it does not within the time. */
  static boolean holds(Duration limit, BooleanSupplier condition) {
    TimeSource time = TimeSource.system();
    long end = time.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (time.nanoTime() - end > 0) return false;
      Thread.onSpinWait();
    }
    return true;
  }

  /** As {@link #holds}, for what becomes true only after a collection. */
  static boolean holdsAfterCollection(Duration limit, BooleanSupplier condition) {
    return holds(
        limit,
        () -> {
          System.gc();
          return condition.getAsBoolean();
        });
  }
}
