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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tasks whose client waits for them: they end when it leaves. */
final class BoundTasks {
  static final String LEFT = "the client has left";

  private final TaskStore store;
  private final PatientCancel cancel;

  BoundTasks(TaskStore store) {
    this.store = store;
    this.cancel = new PatientCancel(store::cancel);
  }

  /**
   * Waits until all have ended.
   *
   * @return those that have ended, in their order, as they ended. If some are missing, they go on:
   *     the wait is over, or this server shuts down
   * @throws ContextException if nobody waits for the answer any more
   */
  List<StoredTask> await(Context request, List<StoredTask> tasks, Duration wait)
      throws InterruptedException {
    List<StoredTask> ended = new ArrayList<>(tasks.size());
    try (CancellableContext patient = request.withTimeout(wait)) {
      for (StoredTask task : tasks) ended.add(ended(patient, task));
    } catch (ContextException over) {
      if (hasLeft(request)) throw over;
    }
    return ended;
  }

  private StoredTask ended(Context patient, StoredTask task) throws InterruptedException {
    try {
      return store.await(patient, task.id());
    } catch (RefusedException unknown) {
      return task; // it has ended, and is kept no longer
    }
  }

  /** Whether nobody waits for the answer any more, for another reason than that we shut down. */
  static boolean hasLeft(Context request) {
    return request.isDone() && !(request.cause() instanceof RequestEnd.ShuttingDown);
  }

  /** A task ends with its parent: to end the uppermost is enough. */
  void cancel(Context request, List<StoredTask> tasks) throws InterruptedException {
    String cause =
        request.cause() instanceof RequestEnd.TimedOut
            ? "the time that the client allows is over"
            : LEFT;
    var cancellation = new Cancellation(cause, "request " + request.value(RequestId.KEY));
    Set<String> ids = new HashSet<>();
    List<String> uppermost = new ArrayList<>();
    for (StoredTask task : tasks) {
      ids.add(task.id());
      if (task.parent() == null || !ids.contains(task.parent())) uppermost.add(task.id());
    }
    cancel.all(request.withoutCancel(), uppermost, cancellation);
  }
}
