package dev.lanyard.tasks;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Simulated work: sleeps on the clock of its context and reports progress in percent.
 *
 * @param duration how long; zero for no time at all
 * @since 0.1
 */
public record Sleep(Duration duration) {
  /** The kind {@code sleep}. */
  public static final TaskKind<Sleep> KIND = new TaskKind<>("sleep", Sleep.class, Sleep::handle);

  /** So often at most is progress reported. */
  private static final Duration STEP = Duration.ofMillis(20);

  /**
   * Checks the value.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Sleep {
    Objects.requireNonNull(duration, "say how long to sleep");
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          "nothing sleeps for a negative time (" + Wording.duration(duration) + ")");
    }
  }

  private static @Nullable Object handle(Attempt attempt, Sleep work) throws InterruptedException {
    Duration whole = work.duration;
    if (whole.isZero()) return null;
    Duration step = whole.dividedBy(100);
    if (step.compareTo(STEP) < 0) step = STEP;
    for (Duration slept = Duration.ZERO; slept.compareTo(whole) < 0; ) {
      Duration left = whole.minus(slept);
      Duration next = left.compareTo(step) < 0 ? left : step;
      attempt.context().sleep(next);
      slept = slept.plus(next);
      attempt.progress((int) (slept.toMillis() * 100 / Math.max(1, whole.toMillis())));
    }
    return null;
  }
}
