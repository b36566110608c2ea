package dev.lanyard.tasks;

import dev.lanyard.tasks.RefusedException.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks there are, which there were of late, and which may come in. Under the lock of the
 * engine.
 */
final class Register {
  /** Of so many tasks that have ended the id and the state are remembered. */
  static final int REMEMBERED = 10_000;

  private final Settings settings;
  private final Map<String, Job> jobs = new LinkedHashMap<>();
  private final Map<String, State> ended =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, State> eldest) {
          return size() > REMEMBERED;
        }
      };
  private long admitted;

  Register(Settings settings) {
    this.settings = settings;
  }

  /** A job for an acceptable task; the batch holds those that come in with it. */
  Job admit(Task task, @Nullable Job parent, Map<String, Job> batch) {
    TaskKind<?> kind = settings.kinds().get(task.kind());
    if (kind == null) {
      throw new RefusedException(
          task,
          Reason.UNKNOWN_KIND,
          "there is no kind \""
              + task.kind()
              + "\"; there are "
              + String.join(", ", new TreeSet<>(settings.kinds().keySet())));
    }
    if (!kind.payload().isInstance(task.payload())) {
      throw new RefusedException(
          task,
          Reason.WRONG_PAYLOAD,
          "the kind \""
              + kind.name()
              + "\" takes a payload of "
              + kind.payload().getSimpleName()
              + ", not of "
              + task.payload().getClass().getSimpleName());
    }
    if (task.timeout().compareTo(settings.maxTimeout()) > 0) {
      throw new RefusedException(
          task,
          Reason.TIMEOUT_TOO_LONG,
          "its timeout of "
              + Wording.duration(task.timeout())
              + " is longer than this processor allows ("
              + Wording.duration(settings.maxTimeout())
              + ")");
    }
    String id = task.id();
    if (jobs.containsKey(id) || batch.containsKey(id) || ended.containsKey(id)) {
      throw new RefusedException(
          task, Reason.DUPLICATE_ID, "there is a task with the id " + id + " already");
    }
    return new Job(task, kind, parent, admitted++, new Outbox(settings.listener()));
  }

  /** Null if the task names no parent, or one that completed. */
  @Nullable Job parentOf(Task task, Map<String, Job> batch) {
    String id = task.parent();
    if (id == null) return null;
    Job parent = batch.get(id);
    if (parent == null) parent = find(id).orElse(null);
    if (parent != null) return parent;
    State end = ended.get(id);
    if (end == State.COMPLETED) return null;
    throw new RefusedException(
        task,
        end == null ? Reason.PARENT_UNKNOWN : Reason.PARENT_ENDED,
        end == null
            ? "its parent " + id + " is not known; a parent is submitted before its children"
            : "its parent " + id + " is " + end);
  }

  void reserve(Job job) {
    jobs.put(job.task.id(), job);
    if (job.parent != null) job.parent.hasChildren = true;
  }

  void ended(Job job) {
    jobs.remove(job.task.id());
    ended.put(job.task.id(), job.state);
  }

  Optional<Job> find(String id) {
    Job job = jobs.get(id);
    return job == null || job.scope == null ? Optional.empty() : Optional.of(job);
  }

  List<Job> published() {
    return jobs.values().stream().filter(job -> job.scope != null).toList();
  }
}
