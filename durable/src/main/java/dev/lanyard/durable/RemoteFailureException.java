package dev.lanyard.durable;

/**
 * What is left of a failure that happened in another attempt, perhaps on another machine: its text.
 *
 * @since 0.1
 */
public final class RemoteFailureException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RemoteFailureException(String message) {
    super(message);
  }
}
