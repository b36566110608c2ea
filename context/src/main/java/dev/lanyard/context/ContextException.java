package dev.lanyard.context;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Why a context is done: it was cancelled, or its deadline passed. There is no third kind.
 *
 * <p>{@link Context#err()} gives one without a stack trace, the same object for ever; what {@link
 * Context#throwIfDone()} and the waiting methods throw is a new one, of the same class, with the
 * stack of the thread that gave up. In both, {@link #getCause()} is the cause that was given to
 * {@link CancellableContext#cancel(Throwable)}, so a handler can match the kind by class and the
 * reason by cause.
 *
 * @since 0.1
 */
public abstract sealed class ContextException extends CancellationException
    permits CancelledException, DeadlineExceededException {
  private static final long serialVersionUID = 1;

  /**
   * When the context ended; null where nobody needed to know. Only compared with deadlines further
   * down that nobody had looked at: whichever was earlier wins.
   */
  private final transient @Nullable Deadline moment;

  /**
   * Here and not in {@link Throwable}, which offers this kind of exception no constructor that
   * takes a cause, and whose {@code initCause} takes a lock at every end of a context.
   */
  private final @Nullable Throwable cause;

  ContextException(String message, @Nullable Throwable cause, @Nullable Deadline moment) {
    super(message);
    this.cause = cause;
    this.moment = moment;
  }

  /**
   * The cause that was given.
   *
   * @return null if none was
   */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // final, so there is nothing to guard
  public final @Nullable Throwable getCause() {
    return cause;
  }

  /**
   * Not supported: many threads share this exception, and its cause is settled.
   *
   * @throws IllegalStateException always
   */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public final Throwable initCause(@Nullable Throwable cause) {
    throw new IllegalStateException("the cause of this exception is settled", this);
  }

  final @Nullable Deadline moment() {
    return moment;
  }

  /**
   * Whether something that happened at that time was earlier than this end, as far as anyone can
   * tell: clocks may differ.
   */
  final boolean isAfter(@Nullable Deadline other) {
    return moment != null && other != null && moment.isOnClockOf(other) && other.isBefore(moment);
  }

  /**
   * Whether a deadline did it, as Go's {@code Timeout()}.
   *
   * @return true for {@link DeadlineExceededException}
   */
  public abstract boolean isTimeout();

  /** A new exception of the same kind and cause, with the caller's stack. */
  abstract ContextException toThrow();

  /** The cause that was given, or this exception when none was. */
  final Throwable causeOrSelf() {
    return cause != null ? cause : this;
  }

  /**
   * Does nothing: the end of a context is made on the thread that cancels, whose stack says nothing
   * to the thread that gives up. What is thrown has its stack, see {@link #toThrow()}.
   */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public Throwable fillInStackTrace() {
    return this;
  }

  final void takeStack() {
    super.fillInStackTrace();
  }
}
