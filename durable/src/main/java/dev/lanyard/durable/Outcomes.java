package dev.lanyard.durable;

import dev.lanyard.context.CancelledException;
import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.tasks.Outcome;
import dev.lanyard.tasks.State;
import java.time.Duration;
import java.util.Objects;

/** How a task of a database ended, in the words of the module {@code tasks}. */
final class Outcomes {
  private Outcomes() {}

  /** The result is JSON, the failure is what was written of it. */
  static Outcome of(StoredTask task) {
    return of(task.state(), task);
  }

  /** Of a task that was read before it came to this state. */
  static Outcome of(State state, StoredTask task) {
    return switch (state) {
      case COMPLETED -> new Outcome.Completed(task.result());
      case FAILED ->
          new Outcome.Failed(
              new RemoteFailureException(Objects.requireNonNullElse(task.error(), "it failed")));
      case CANCELLED -> new Outcome.Cancelled(cancelled(task));
      case TIMED_OUT -> new Outcome.TimedOut(late());
      case SCHEDULED, PENDING, RUNNING, RETRYING ->
          throw new IllegalStateException("task " + task.id() + " has not ended");
    };
  }

  private static CancelledException cancelled(StoredTask task) {
    try (var context = Context.background().withCancel()) {
      context.cancel(new CancelRequestedException(task.cancelCause(), task.cancelBy(), null));
      return (CancelledException) Objects.requireNonNull(context.err());
    }
  }

  private static DeadlineExceededException late() {
    try (var context = Context.background().withDeadline(Deadline.after(Duration.ofNanos(-1)))) {
      return (DeadlineExceededException) Objects.requireNonNull(context.err());
    }
  }
}
