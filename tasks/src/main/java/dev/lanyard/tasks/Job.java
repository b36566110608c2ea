package dev.lanyard.tasks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Registration;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A task in the processor: what {@link Engine} knows of it. The fields that are not final are the
 * engine's, and under its lock unless they are volatile.
 */
final class Job {
  /** The road through the queue: most urgent first, then first come first served. */
  static final Comparator<Job> URGENCY =
      Comparator.<Job>comparingInt(job -> job.task.priority()).thenComparingLong(job -> job.number);

  final Task task;
  final TaskKind<?> kind;

  /** The task that this one names as its parent, if that has not ended. */
  final @Nullable Job parent;

  private final long number;
  final Outbox outbox;
  final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  /**
   * Ends when the task is cancelled, and with what is above the task. Its children hang on it: it
   * has no deadline, so that it outlives a task that completed. Set once, outside the lock; the job
   * is published when it is there.
   */
  volatile @Nullable CancellableContext scope;

  /** Below the scope, with the deadline; from the first attempt on. */
  volatile @Nullable CancellableContext timed;

  volatile State state = State.PENDING;
  volatile int progress;

  int attempts;
  long startedNanos;

  /** Whether tasks name this one as their parent: they must be told how it ends. */
  boolean hasChildren;

  /** How many threads of the handler wait for other tasks: while some do, the worker is lent. */
  int waiting;

  /** Whether its context ended while a worker had it. */
  boolean inGrace;

  volatile @Nullable Thread thread;
  volatile @Nullable Registration scopeWatch;
  volatile @Nullable Registration deadlineWatch;

  /** For the end of a wait before a retry, or for the end of the grace. */
  volatile @Nullable Registration alarm;

  Job(Task task, TaskKind<?> kind, @Nullable Job parent, long number, Outbox outbox) {
    this.task = task;
    this.kind = kind;
    this.parent = parent;
    this.number = number;
    this.outbox = outbox;
  }

  CancellableContext scope() {
    return Objects.requireNonNull(scope, "a job is published with its scope");
  }

  /** Why the context of this job ended; null while it is live. */
  @Nullable ContextException end() {
    CancellableContext deadline = timed;
    return deadline != null ? deadline.err() : scope().err();
  }

  /** Nobody needs to tell this job anything any more. */
  void stopWatching() {
    stop(scopeWatch);
    stop(deadlineWatch);
    stop(alarm);
  }

  private static void stop(@Nullable Registration registration) {
    if (registration != null) registration.stop();
  }

  @Override
  public String toString() {
    return task.kind() + " " + task.id() + " (" + state + ")";
  }
}
