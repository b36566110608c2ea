package dev.lanyard.tasks;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * What to do when an attempt fails: try again after a while, so many attempts in all. The wait
 * before attempt n + 1 is random, from nothing up to {@code base · 2ⁿ⁻¹} and never above the cap
 * (exponential backoff with full jitter), so that many tasks that failed together do not come back
 * together.
 *
 * <p>A wait ends with the task's context. An attempt that could not begin before the task's
 * deadline is not waited for: the failure at hand is then the outcome. An {@link Error} is never
 * retried.
 *
 * @param attempts how many in all, the first included
 * @param base the longest wait before the second attempt
 * @param cap the longest wait at all
 * @since 0.1
 */
public record Retry(int attempts, Duration base, Duration cap) {
  private static final Retry NONE = attempts(1);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException with a text for the author of the task, if something makes no
   *     sense
   */
  public Retry {
    Objects.requireNonNull(base, "retries need a base for the wait");
    Objects.requireNonNull(cap, "retries need a cap for the wait");
    if (attempts < 1) {
      throw new IllegalArgumentException(
          "there must be at least 1 attempt, the first included, but there are " + attempts);
    }
    if (base.isNegative()) {
      throw new IllegalArgumentException(
          "the wait before a retry cannot be negative, but is " + Wording.duration(base));
    }
    if (cap.compareTo(base) < 0) {
      throw new IllegalArgumentException(
          "the longest wait before a retry ("
              + Wording.duration(cap)
              + ") cannot be shorter than the first one ("
              + Wording.duration(base)
              + ")");
    }
  }

  /**
   * One attempt, no retry.
   *
   * @return the policy
   */
  public static Retry none() {
    return NONE;
  }

  /**
   * So many attempts, with waits that begin at up to 100 ms and grow to at most 10 s.
   *
   * @param attempts how many in all, the first included
   * @return the policy
   */
  public static Retry attempts(int attempts) {
    return new Retry(attempts, Duration.ofMillis(100), Duration.ofSeconds(10));
  }

  /**
   * How long to wait after a failed attempt.
   *
   * @param attempt the number of the attempt that failed, from 1
   * @param random decides
   * @return at least zero, below the longest wait after that attempt
   */
  public Duration waitAfter(int attempt, RandomGenerator random) {
    long longest = longestWaitAfter(attempt).toNanos();
    return Duration.ofNanos(longest == 0 ? 0 : random.nextLong(longest));
  }

  Duration longestWaitAfter(int attempt) {
    // A shift beyond this leaves every cap that a long of nanoseconds can hold behind.
    long factor = 1L << Math.min(attempt - 1, 62);
    long capNanos = saturatedNanos(cap);
    long baseNanos = saturatedNanos(base);
    return Duration.ofNanos(
        baseNanos > capNanos / factor ? capNanos : Math.min(capNanos, baseNanos * factor));
  }

  private static long saturatedNanos(Duration duration) {
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0
        ? Long.MAX_VALUE
        : duration.toNanos();
  }
}
