package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/**
 * One operation of a {@link Group}. Ask it after {@link Group#join}, from any thread.
 *
 * @param <T> the type of the result
 * @since 0.1
 */
public final class Fork<T extends @Nullable Object> {
  private enum State {
    RUNNING,
    SUCCEEDED,
    FAILED
  }

  private @Nullable T result;
  private @Nullable Throwable failure;

  /** Written last, read first. */
  private volatile State state = State.RUNNING;

  Fork() {}

  void succeed(T result) {
    this.result = result;
    state = State.SUCCEEDED;
  }

  void fail(Throwable failure) {
    this.failure = failure;
    state = State.FAILED;
  }

  /**
   * Whether the operation has ended, in whichever way.
   *
   * @return false while it runs
   */
  public boolean isDone() {
    return state != State.RUNNING;
  }

  /**
   * What the operation returned.
   *
   * @return its result
   * @throws IllegalStateException if it is still running, or failed: then with the failure as cause
   */
  @SuppressWarnings("NullAway") // where the type admits null the result may be null
  public T result() {
    return switch (state) {
      case SUCCEEDED -> result;
      case RUNNING ->
          throw new IllegalStateException("the fork is still running: join the group first");
      case FAILED -> throw new IllegalStateException("the fork failed", failure);
    };
  }

  /**
   * What the operation threw.
   *
   * @return null unless it has failed
   */
  public @Nullable Throwable failure() {
    return state == State.FAILED ? failure : null;
  }
}
