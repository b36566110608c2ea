package dev.lanyard.http;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * What a {@link ContextHttpClient} tries again, how often and when.
 *
 * {@snippet :
 * client.retrying(Retry.attempts(4).withBackoff(Duration.ofMillis(50), Duration.ofSeconds(2)));
 * }
 *
 * <p><b>What.</b> A request with one of the {@linkplain #withMethods methods} whose exchange failed
 * with an {@code IOException}, or was answered with one of the {@linkplain #withStatuses statuses};
 * and with any method one for which no connection could be made, as nothing was sent then. Never
 * once the context is done.
 *
 * <p><b>When.</b> After a random time between zero and a limit that doubles with each attempt (full
 * jitter), but not before a {@code Retry-After} of the response says, be it in seconds or as a
 * date. Where that would be later than the context's deadline, or longer than {@linkplain
 * #withRetryAfterUpTo agreed}, nobody waits: the response is returned, or the failure thrown, at
 * once.
 *
 * <p><b>Bodies.</b> The body handler sees the response that is returned and no other; the bodies of
 * the others are read to their end, or given up where they are long. The body of the request is
 * asked for once per attempt: {@code BodyPublishers.ofInputStream} calls its supplier again, a
 * publisher that can be subscribed to only once does not suit.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class Retry {
  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

  private static final Retry NEVER =
      new Retry(
          1,
          Duration.ofMillis(100),
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          IDEMPOTENT,
          Set.of(429, 502, 503, 504),
          () -> ThreadLocalRandom.current().nextDouble());

  private final int attempts;
  private final Duration firstLimit;
  private final Duration lastLimit;
  private final Duration longestRetryAfter;
  private final Set<String> methods;
  private final Set<Integer> statuses;

  /** Between zero and one. */
  private final DoubleSupplier random;

  private Retry(
      int attempts,
      Duration firstLimit,
      Duration lastLimit,
      Duration longestRetryAfter,
      Set<String> methods,
      Set<Integer> statuses,
      DoubleSupplier random) {
    this.attempts = attempts;
    this.firstLimit = firstLimit;
    this.lastLimit = lastLimit;
    this.longestRetryAfter = longestRetryAfter;
    this.methods = methods;
    this.statuses = statuses;
    this.random = random;
  }

  /**
   * No retries.
   *
   * @return one attempt
   */
  public static Retry never() {
    return NEVER;
  }

  /**
   * Up to so many attempts of what is safe to repeat: the idempotent methods (GET, HEAD, OPTIONS,
   * TRACE, PUT, DELETE), the statuses 429, 502, 503 and 504, a backoff from 100 ms up to 5 s, and a
   * {@code Retry-After} of up to a minute.
   *
   * @param attempts including the first one
   * @return the policy
   * @throws IllegalArgumentException if there is to be none
   */
  public static Retry attempts(int attempts) {
    if (attempts < 1) throw new IllegalArgumentException("no request takes " + attempts + " tries");
    return new Retry(
        attempts,
        NEVER.firstLimit,
        NEVER.lastLimit,
        NEVER.longestRetryAfter,
        NEVER.methods,
        NEVER.statuses,
        NEVER.random);
  }

  /**
   * Sets the limits of the pauses.
   *
   * @param first of the pause after the first attempt
   * @param longest what the doubling stops at
   * @return a copy
   * @throws IllegalArgumentException if one is negative, or the longest is shorter than the first
   */
  public Retry withBackoff(Duration first, Duration longest) {
    if (first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "a backoff cannot grow from %s to %s".formatted(first, longest));
    }
    return new Retry(attempts, first, longest, longestRetryAfter, methods, statuses, random);
  }

  /**
   * Sets how long to wait at most because a {@code Retry-After} asks for it.
   *
   * @param longest a response that asks for more is returned
   * @return a copy
   * @throws IllegalArgumentException if it is negative
   */
  public Retry withRetryAfterUpTo(Duration longest) {
    if (longest.isNegative()) {
      throw new IllegalArgumentException("nobody waits for less than no time: " + longest);
    }
    return new Retry(attempts, firstLimit, lastLimit, longest, methods, statuses, random);
  }

  /**
   * Sets which methods may be sent again after their request may have arrived.
   *
   * @param methods such as {@code POST}, where the server knows a repeated one
   * @return a copy
   */
  public Retry withMethods(Set<String> methods) {
    return new Retry(
        attempts, firstLimit, lastLimit, longestRetryAfter, Set.copyOf(methods), statuses, random);
  }

  /**
   * Sets which responses are worth another attempt.
   *
   * @param statuses their codes
   * @return a copy
   */
  public Retry withStatuses(Set<Integer> statuses) {
    return new Retry(
        attempts, firstLimit, lastLimit, longestRetryAfter, methods, Set.copyOf(statuses), random);
  }

  /** With chance taken out, for tests. */
  Retry withRandom(DoubleSupplier random) {
    return new Retry(attempts, firstLimit, lastLimit, longestRetryAfter, methods, statuses, random);
  }

  static boolean isIdempotent(String method) {
    return IDEMPOTENT.contains(method);
  }

  boolean isMoreThanOnce() {
    return attempts > 1;
  }

  boolean isLast(int attempt) {
    return attempt >= attempts;
  }

  boolean mayRepeat(HttpRequest request) {
    return methods.contains(request.method());
  }

  boolean isRetried(int status) {
    return statuses.contains(status);
  }

  /**
   * How long to wait after an attempt.
   *
   * @param attempt from one
   * @param retryAfter what the response asks for, if it does
   * @return empty if that is too much to ask
   */
  Optional<Duration> pauseAfter(int attempt, Optional<Duration> retryAfter) {
    Objects.checkIndex(attempt - 1, attempts);
    Duration asked = retryAfter.orElse(Duration.ZERO);
    if (asked.compareTo(longestRetryAfter) > 0) return Optional.empty();
    Duration jitter = nanos(random.getAsDouble() * limitAfter(attempt));
    return Optional.of(asked.compareTo(jitter) > 0 ? asked : jitter);
  }

  private double limitAfter(int attempt) {
    return Math.min(seconds(lastLimit), seconds(firstLimit) * Math.pow(2, attempt - 1));
  }

  private static double seconds(Duration duration) {
    return duration.toSeconds() + duration.toNanosPart() / 1e9;
  }

  private static Duration nanos(double seconds) {
    long whole = (long) seconds;
    return Duration.ofSeconds(whole, (long) ((seconds - whole) * 1e9));
  }
}
