package dev.lanyard.proofs;

import java.time.Duration;

/**
 * Time that has to pass, where passing it is what the test is about: a lease that runs out, a
 * moment at which somebody is killed, a while in which nothing may happen. Whoever waits for
 * something takes {@link dev.lanyard.testing.Eventually}.
 */
public final class Pause {
  private Pause() {}

  /**
   * The one place where tests sleep.
   *
   * @param duration how long
   * @param reason why nothing can be waited for instead
   */
  public static void of(Duration duration, String reason) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted in a pause: " + reason, interrupted);
    }
  }
}
