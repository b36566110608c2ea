package dev.lanyard.durable;

import dev.lanyard.tasks.RefusedException.Reason;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskKind;
import java.util.TreeSet;

/** What a node with these settings could run. */
final class Acceptance {
  private Acceptance() {}

  static void check(Task task, DurableSettings settings) {
    TaskKind<?> kind = settings.kinds().get(task.kind());
    if (kind == null) {
      throw Submissions.refusal(
          task,
          Reason.UNKNOWN_KIND,
          "there is no kind \""
              + task.kind()
              + "\"; there are "
              + String.join(", ", new TreeSet<>(settings.kinds().keySet())),
          null);
    }
    if (!kind.payload().isInstance(task.payload())) {
      throw Submissions.refusal(
          task,
          Reason.WRONG_PAYLOAD,
          "the kind \""
              + kind.name()
              + "\" takes a payload of "
              + kind.payload().getSimpleName()
              + ", not of "
              + task.payload().getClass().getSimpleName(),
          null);
    }
    if (task.timeout().compareTo(settings.maxTimeout()) > 0) {
      throw Submissions.refusal(
          task,
          Reason.TIMEOUT_TOO_LONG,
          "its timeout of "
              + task.timeout().toMillis()
              + " ms is longer than this node allows ("
              + settings.maxTimeout().toMillis()
              + " ms)",
          null);
    }
  }
}
