package dev.lanyard.durable;

import org.jspecify.annotations.Nullable;

/**
 * Why a task is cancelled, and by whom; longer texts are cut to 500 and 100 letters.
 *
 * @param cause for people; null for none
 * @param by who asks; null if nobody is named
 * @since 0.1
 */
public record Cancellation(@Nullable String cause, @Nullable String by) {
  /** Cuts what is too long. */
  public Cancellation {
    cause = Texts.cut(cause, 500);
    by = Texts.cut(by, 100);
  }

  /**
   * With a cause, by nobody in particular.
   *
   * @param cause for people
   * @return a cancellation
   */
  public static Cancellation because(String cause) {
    return new Cancellation(cause, null);
  }

  /**
   * With no cause.
   *
   * @return a cancellation
   */
  public static Cancellation withoutCause() {
    return new Cancellation(null, null);
  }

  /**
   * The same, asked for by somebody.
   *
   * @param by who asks
   * @return a cancellation
   */
  public Cancellation by(String by) {
    return new Cancellation(cause, by);
  }
}
