package dev.lanyard.testing;

import dev.lanyard.context.Deadline;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for what nobody announces: a thread that has parked, a connection that is gone, a line that
 * somebody else writes. Where there is something to wait for, such as a latch, a future or the end
 * of a context, that is better; and for time that must pass there is {@link ManualTime}.
 *
 * {@snippet :
 * server.stop();
 * Eventually.holds("no connection is left", () -> server.connections() == 0);
 * }
 *
 * <p>It looks at once, and then again and again until the condition holds, every few milliseconds
 * in the end, but at most for {@link #PATIENCE} or until the deadline that is given. It looks at
 * least once, also when that has passed. The time bounds the waiting and not the condition itself,
 * which should not wait.
 *
 * <p><b>Failures.</b> A condition that throws does not hold yet: an {@link Exception} or an {@link
 * AssertionError} counts as false, and any other {@link Error} is passed on. When time is over, or
 * the thread is interrupted while the condition does not hold, there is an {@link AssertionError}
 * that says what was waited for; its cause is what the condition threw last. The interrupt stays
 * set.
 *
 * <p><b>Threads.</b> The condition runs on the thread that waits, and no lock is held meanwhile.
 *
 * @since 0.1
 */
public final class Eventually {
  /** How long it waits if nothing else is said: a loaded machine stalls for seconds. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Most of what is waited for is there in no time, and what is not costs no processor. */
  private static final long FIRST_PAUSE = 20_000;

  private static final long LONGEST_PAUSE = Duration.ofMillis(5).toNanos();

  private Eventually() {}

  /**
   * Waits for at most {@link #PATIENCE}.
   *
   * @param what what is waited for, in words that can stand behind "still not:"
   * @param condition what is looked at
   * @throws AssertionError if the condition has not come to hold
   */
  public static void holds(String what, Callable<Boolean> condition) {
    holds(what, Deadline.after(PATIENCE), condition);
  }

  /**
   * As {@link #holds(String, Callable)}, for words that tell how far it has come.
   *
   * @param what asked once, when time is over
   * @param condition what is looked at
   * @throws AssertionError if the condition has not come to hold
   */
  public static void holds(Supplier<String> what, Callable<Boolean> condition) {
    Objects.requireNonNull(what, "say what is waited for");
    await(what, Deadline.after(PATIENCE), condition);
  }

  /**
   * As {@link #holds(String, Callable)}, until a deadline.
   *
   * @param what what is waited for
   * @param deadline on any clock
   * @param condition what is looked at
   * @throws AssertionError if the condition has not come to hold
   */
  public static void holds(String what, Deadline deadline, Callable<Boolean> condition) {
    Objects.requireNonNull(what, "say what is waited for");
    await(() -> what, deadline, condition);
  }

  private static void await(Supplier<String> what, Deadline deadline, Callable<Boolean> condition) {
    Objects.requireNonNull(deadline, "say until when to wait");
    Objects.requireNonNull(condition, "there is no condition to look at");
    Duration limit = deadline.remaining();
    Throwable thrown = null;
    for (long pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        if (condition.call()) return;
      } catch (InterruptedException interrupted) {
        thrown = interrupted;
        Thread.currentThread().interrupt();
      } catch (Exception | AssertionError notYet) {
        thrown = notYet;
      }
      // Looked at after the condition, which may wait for the interrupt of this very thread.
      if (Thread.currentThread().isInterrupted()) {
        throw failure("interrupted, and still not: " + what.get(), thrown);
      }
      if (deadline.isPast()) throw failure("after " + limit + " still not: " + what.get(), thrown);
      LockSupport.parkNanos(pause);
    }
  }

  private static AssertionError failure(String message, @Nullable Throwable thrown) {
    return new AssertionError(message, thrown);
  }
}
