package dev.lanyard.tasks;

import dev.lanyard.context.CancelledException;
import dev.lanyard.context.DeadlineExceededException;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended.
 *
 * @since 0.1
 */
public sealed interface Outcome {
  /**
   * The state of a task that ended so.
   *
   * @return a terminal one
   */
  State state();

  /**
   * The handler returned before the context ended.
   *
   * @param result what it returned; may be null
   * @since 0.1
   */
  record Completed(@Nullable Object result) implements Outcome {
    @Override
    public State state() {
      return State.COMPLETED;
    }
  }

  /**
   * The last attempt failed.
   *
   * @param failure what the handler threw
   * @since 0.1
   */
  record Failed(Throwable failure) implements Outcome {
    @Override
    public State state() {
      return State.FAILED;
    }
  }

  /**
   * The context of the task was cancelled.
   *
   * @param reason says {@code context canceled}; its {@link Throwable#getCause()} is the cause that
   *     was given, null if none was
   * @since 0.1
   */
  record Cancelled(CancelledException reason) implements Outcome {
    @Override
    public State state() {
      return State.CANCELLED;
    }
  }

  /**
   * The deadline of the task, or of one that forked it, passed.
   *
   * @param reason says {@code context deadline exceeded}
   * @since 0.1
   */
  record TimedOut(DeadlineExceededException reason) implements Outcome {
    @Override
    public State state() {
      return State.TIMED_OUT;
    }
  }
}
