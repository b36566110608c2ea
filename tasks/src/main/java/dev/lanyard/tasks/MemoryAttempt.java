package dev.lanyard.tasks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** An attempt at a task that is kept in memory. */
final class MemoryAttempt implements Attempt {
  /** How a handler that waits for another task is recognised. */
  static final Key<MemoryAttempt> RUNNING = Key.of("attempt");

  @SuppressWarnings("StaticAssignmentOfThrowable") // a cause, told by its identity; never thrown
  private static final Throwable OVER = new CancellationException("the attempt is over");

  private final Engine engine;
  private final Job job;
  private final int number;
  private final CancellableContext scope;
  private final Context context;

  /** Guarded by this, as the forks are. */
  private int progress;

  private final List<TaskRef> forks = new ArrayList<>(0);

  MemoryAttempt(Engine engine, Job job, CancellableContext scope) {
    this.engine = engine;
    this.job = job;
    this.scope = scope;
    number = job.attempts;
    context = scope.withValue(RUNNING, this);
  }

  // ---- For the engine

  <P> @Nullable Object run(TaskKind<P> kind) throws Exception {
    return context.<@Nullable Object, Exception>callInterruptibly(() -> {
      Object result = kind.handler().handle(this, kind.payload().cast(job.task.payload()));
      for (TaskRef fork : forks()) fork.await(context);
      return result;
    });
  }

  /**
   * Ends the context, and with it what was forked, and waits for that. Null if nothing had ended it
   * before: then what the handler made of the attempt counts.
   */
  @Nullable ContextException close(@Nullable Throwable failure) {
    List<TaskRef> forks = forks();
    Throwable cause =
        failure == null || forks.isEmpty()
            ? OVER
            : new CancellationException("its parent has failed: " + job.task.name());
    scope.cancel(cause);
    for (TaskRef fork : forks) ((MemoryTaskRef) fork).joinCancelled();
    return scope.cause() == cause ? null : scope.err();
  }

  private synchronized List<TaskRef> forks() {
    return List.copyOf(forks);
  }

  boolean isOf(Engine engine) {
    return this.engine == engine && !scope.isDone();
  }

  Job job() {
    return job;
  }

  // ---- For the handler

  @Override
  public Context context() {
    return context;
  }

  @Override
  public Task task() {
    return job.task;
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public void progress(int percent) {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("progress is from 0 to 100 percent, not " + percent);
    }
    synchronized (this) {
      if (percent < progress) {
        throw new IllegalArgumentException(
            "progress cannot go back from " + progress + " to " + percent + " percent");
      }
      if (percent == progress || scope.isDone()) return;
      progress = percent;
      engine.progressed(job, percent);
    }
    engine.deliver(job);
  }

  /** Dropped: nobody can ask this processor for it. */
  @Override
  public void note(String note) {
    Objects.requireNonNull(note, "there is no note; an empty one takes the last one away");
  }

  @Override
  public boolean extend(Duration more) {
    Objects.requireNonNull(more, "say by how much to extend the deadline");
    checkCritical();
    return engine.extend(job, more);
  }

  @Override
  public boolean extendTo(Deadline deadline) {
    Objects.requireNonNull(deadline, "say what to extend the deadline to");
    checkCritical();
    return engine.extendTo(job, deadline);
  }

  @Override
  public TaskRef fork(Task child) {
    Objects.requireNonNull(child, "there is no task to fork");
    TaskRef fork = engine.submit(List.of(child.withParent(job.task.id())), this).getFirst();
    synchronized (this) {
      forks.add(fork);
    }
    return fork;
  }

  private void checkCritical() {
    if (!job.task.critical()) {
      throw new IllegalStateException(
          "task \"" + job.task.name() + "\" is not critical: its deadline stands");
    }
  }
}
