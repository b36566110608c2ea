package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/**
 * The context was cancelled: by its owner, by the end of a parent that was cancelled, or by a
 * signal. Go's {@code context.Canceled}, with its message.
 *
 * @since 0.1
 */
public sealed class CancelledException extends ContextException permits SignalException {
  private static final long serialVersionUID = 1;

  CancelledException(@Nullable Throwable cause, @Nullable Deadline moment) {
    this("context canceled", cause, moment);
  }

  CancelledException(String message, @Nullable Throwable cause, @Nullable Deadline moment) {
    super(message, cause, moment);
  }

  /**
   * {@inheritDoc}
   *
   * @return false
   */
  @Override
  public final boolean isTimeout() {
    return false;
  }

  @Override
  final ContextException toThrow() {
    var thrown = new CancelledException(getCause(), moment());
    thrown.takeStack();
    return thrown;
  }
}
