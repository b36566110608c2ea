package dev.lanyard.durable;

import java.util.concurrent.CancellationException;

/**
 * The cause with which the context of an attempt ends: Another node may have taken the task,
 * because this one was not heard of for too long. What the handler does from now on does not count.
 *
 * @since 0.1
 */
public final class LeaseLostException extends CancellationException {
  private static final long serialVersionUID = 1;

  LeaseLostException(String message) {
    super(message);
  }
}
