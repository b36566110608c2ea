package dev.lanyard.vertx;

import dev.lanyard.context.Deadline;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what nobody announces, at most for {@link Served#PATIENCE}. */
final class Eventually {
  private static final long BETWEEN_LOOKS = Duration.ofMillis(1).toNanos();

  private Eventually() {}

  static void holds(String what, BooleanSupplier condition) {
    holds(() -> what, condition);
  }

  static void holds(Supplier<String> what, BooleanSupplier condition) {
    Deadline deadline = Deadline.after(Served.PATIENCE);
    while (!condition.getAsBoolean()) {
      if (deadline.isPast()) throw new AssertionError("not in time: " + what.get());
      LockSupport.parkNanos(BETWEEN_LOOKS);
    }
  }
}
