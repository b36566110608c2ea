package dev.lanyard.proofs.tasks;

import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.Assertions;

/**
 * Waits for a condition with a bound that a stalled machine keeps too, and no longer than needed.
 */
public final class Patience {
  /** Machines stall for seconds. */
  public static final Duration USUAL = Duration.ofSeconds(90);

  private static final Duration LOOK = Duration.ofMillis(2);

  private Patience() {}

  /** Until the condition holds; fails with these words if it does not. */
  public static void until(String what, Callable<Boolean> condition) {
    until(what, USUAL, condition);
  }

  public static void until(String what, Duration limit, Callable<Boolean> condition) {
    if (!holds(limit, condition)) Assertions.fail("after " + limit + " still not: " + what);
  }

  /** Whether the condition comes to hold within the time. */
  public static boolean holds(Duration limit, Callable<Boolean> condition) {
    TimeSource time = TimeSource.system();
    long end = time.nanoTime() + limit.toNanos();
    try {
      while (!condition.call()) {
        if (time.nanoTime() - end > 0) return false;
        LockSupport.parkNanos(LOOK.toNanos());
        if (Thread.interrupted()) throw new InterruptedException();
      }
    } catch (RuntimeException failed) {
      throw failed;
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
    return true;
  }
}
