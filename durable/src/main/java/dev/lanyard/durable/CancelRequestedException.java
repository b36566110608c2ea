package dev.lanyard.durable;

import java.time.Duration;
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

  /** From the request to this node. */
  private final @Nullable Duration underWay;

  CancelRequestedException(@Nullable String cause, @Nullable String by, @Nullable Duration underWay) {
    super(cause == null ? "cancelled" : cause);
    this.by = by;
    this.underWay = underWay;
  }

  /**
   * How long it took until this node knew, from the moment that is stored with the request; by the
   * clock of the database, so that it says something between machines, too.
   *
   * @return zero or more, in whole milliseconds; null in an outcome that was read from the database
   */
  public @Nullable Duration underWay() {
    return underWay;
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
