package dev.lanyard.durable;

import java.util.concurrent.CancellationException;

/**
 * The cause with which the context of an attempt ends: The node is shutting down. The task goes
 * back to the queue, and this attempt does not count.
 *
 * @since 0.1
 */
public final class ShuttingDownException extends CancellationException {
  private static final long serialVersionUID = 1;

  ShuttingDownException(String message) {
    super(message);
  }
}
