package dev.lanyard.durable;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One attempt on this node, from its start in the database to its end there. */
final class Run {
  final Claim claim;
  final Start start;
  final Task task;

  /** Ends when the task is cancelled, taken away, or its node shuts down. */
  final CancellableContext scope;

  /** Ends at the deadline. */
  final LeaseClock clock;

  /** What the handler gets is below this: it ends with either of the two. */
  final CancellableContext context;

  /** What the handler returned; completes when it has left. */
  final CompletableFuture<@Nullable Object> left = new CompletableFuture<>();

  private volatile long deadlineMillis;

  /** Nothing that a signal says matters any more. */
  volatile boolean ending;

  volatile int progress;
  volatile @Nullable String note;
  volatile int storedProgress;
  volatile @Nullable String storedNote;

  volatile @Nullable Thread thread;

  Run(
      Claim claim,
      Start start,
      Task task,
      Context above,
      TimeSource time,
      Duration remaining,
      BooleanSupplier stillTheDeadline) {
    this.claim = claim;
    this.start = start;
    this.task = task;
    deadlineMillis = Objects.requireNonNull(start.task().deadline()).toEpochMilli();
    scope = above.withCancel();
    clock = new LeaseClock(time, remaining, stillTheDeadline);
    context = scope.linkedTo(clock.context());
  }

  String id() {
    return start.task().id();
  }

  int number() {
    return start.run();
  }

  long deadlineMillis() {
    return deadlineMillis;
  }

  /** The deadline as the database has it; true if that moved it. */
  boolean extendTo(Instant deadline, Duration fromNow) {
    synchronized (clock) {
      if (deadline.toEpochMilli() <= deadlineMillis || !clock.extendTo(fromNow)) return false;
      deadlineMillis = deadline.toEpochMilli();
      return true;
    }
  }

  void close() {
    context.cancel();
    scope.cancel();
    clock.context().cancel();
  }

  static Task taskOf(StoredTask stored, TaskKind<?> kind) {
    return new Task(
        stored.id(),
        stored.name(),
        stored.kind(),
        Codec.read(Objects.requireNonNull(stored.payload()), kind.payload()),
        stored.priority(),
        stored.timeout(),
        stored.retry(),
        stored.parent(),
        stored.critical());
  }
}
