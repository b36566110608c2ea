package dev.lanyard.durable;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The cause with which the context of an attempt ends when somebody asked for that, on whatever
 * machine. The message is the cause that was given.
 *
 * @since 0.1
 */
public final class CancelRequestedException extends CancellationException {
  private static final long serialVersionUID = 1;

  /** Who asked. */
  private final @Nullable String by;

  CancelRequestedException(@Nullable String cause, @Nullable String by) {
    super(cause == null ? "cancelled" : cause);
    this.by = by;
  }

  /**
   * Who asked.
   *
   * @return as given in {@link Cancellation#by()}; null if nobody was named
   */
  public @Nullable String by() {
    return by;
  }
}
