package dev.lanyard.app.server;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.durable.Cancellation;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.http.RequestId;
import dev.lanyard.tasks.RefusedException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tasks whose client waits for them: they end when it leaves. */
final class BoundTasks {
  static final String LEFT = "the client has left";

  private final TaskStore store;

  BoundTasks(TaskStore store) {
    this.store = store;
  }

  /**
   * Waits until all have ended.
   *
   * @return false if they go on: the wait is over, or this server shuts down
   * @throws ContextException if nobody waits for the answer any more
   */
  boolean await(Context request, List<StoredTask> tasks, Duration wait)
      throws InterruptedException {
    try (CancellableContext patient = request.withTimeout(wait)) {
      for (StoredTask task : tasks) store.await(patient, task.id());
      return true;
    } catch (ContextException over) {
      if (request.isDone() && !(request.cause() instanceof RequestEnd.ShuttingDown)) throw over;
      return false;
    }
  }

  /** A task ends with its parent: to end the uppermost is enough. */
  void cancel(Context request, List<StoredTask> tasks) {
    String cause =
        request.cause() instanceof RequestEnd.TimedOut
            ? "the time that the client allows is over"
            : LEFT;
    var cancellation = new Cancellation(cause, "request " + request.value(RequestId.KEY));
    Set<String> ids = new HashSet<>();
    for (StoredTask task : tasks) {
      ids.add(task.id());
      if (task.parent() != null && ids.contains(task.parent())) continue;
      try {
        store.cancel(task.id(), cancellation);
      } catch (RefusedException ended) {
        // before the client left: nothing is left to cancel
      }
    }
  }
}
