package dev.lanyard.gateway;

import java.time.Duration;
import java.util.Objects;

/**
 * When an upstream is given a rest, and for how long. Each upstream of each route has a breaker of
 * its own: a path that fails says nothing of the others.
 *
 * <p>What counts: a status from 500 on, a connection that cannot be made or breaks, and a request
 * that takes longer than its route allows are failures. A caller that leaves, or whose own deadline
 * passes, says nothing of the upstream and does not count.
 *
 * @param window of how many of the last calls the rate of failures is taken
 * @param atLeast so many calls there must be before it is looked at
 * @param failureRate in percent: the breaker opens at this rate
 * @param rest how long it stays open; then calls are tried
 * @param trials how many calls are tried, whose rate decides whether it closes again
 * @since 0.1
 */
public record BreakerSettings(int window, int atLeast, int failureRate, Duration rest, int trials) {
  private static final BreakerSettings STANDARD =
      new BreakerSettings(20, 10, 50, Duration.ofSeconds(5), 3);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public BreakerSettings {
    Objects.requireNonNull(rest, "rest");
    positive("window", window);
    positive("atLeast", atLeast);
    positive("trials", trials);
    if (atLeast > window) {
      throw new IllegalArgumentException(
          "of a window of " + window + " calls there are never " + atLeast);
    }
    if (failureRate < 1 || failureRate > 100) {
      throw new IllegalArgumentException("no rate in percent: " + failureRate);
    }
    if (rest.toMillis() < 1) {
      throw new IllegalArgumentException("the rest must be a millisecond or more, and is " + rest);
    }
  }

  /**
   * Opens when half of the last 20 calls have failed, and 10 at least were made; rests for 5
   * seconds and then tries 3.
   *
   * @return the settings
   */
  public static BreakerSettings standard() {
    return STANDARD;
  }

  private static void positive(String name, int number) {
    if (number < 1) {
      throw new IllegalArgumentException("'" + name + "' must be at least 1, and is " + number);
    }
  }
}
