package dev.lanyard.context;

/**
 * The cause of a context that {@link Signals#notifyContext} ended because a signal came. It is
 * itself a {@link CancelledException}, so code that matches causes by "was it cancelled" matches it
 * too.
 *
 * @since 0.1
 */
public final class SignalException extends CancelledException {
  private static final long serialVersionUID = 1;

  /** Its name, without the prefix. */
  private final String signal;

  /** Its number. */
  private final int number;

  SignalException(String signal, String description, int number) {
    super(description + " signal received", null, null);
    this.signal = signal;
    this.number = number;
  }

  /**
   * The signal's name without the prefix.
   *
   * @return {@code INT}, {@code TERM}, ...
   */
  public String signal() {
    return signal;
  }

  /**
   * The exit code by which shells report a program that this signal ended.
   *
   * @return 128 + the number of the signal: 130 for {@code INT}, 143 for {@code TERM}
   */
  public int exitCode() {
    return 128 + number;
  }
}
