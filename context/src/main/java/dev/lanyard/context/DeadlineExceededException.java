package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/**
 * The deadline of the context, or of a context above it, has passed. Go's {@code
 * context.DeadlineExceeded}, with its message.
 *
 * @since 0.1
 */
public final class DeadlineExceededException extends ContextException {
  private static final long serialVersionUID = 1;

  DeadlineExceededException(@Nullable Throwable cause, @Nullable Deadline moment) {
    super("context deadline exceeded", cause, moment);
  }

  /**
   * {@inheritDoc}
   *
   * @return true
   */
  @Override
  public boolean isTimeout() {
    return true;
  }

  @Override
  ContextException toThrow() {
    var thrown = new DeadlineExceededException(getCause(), moment());
    thrown.takeStack();
    return thrown;
  }
}
