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

/**
 * One attempt at a task, as its handler sees it. Any thread of the handler's may use it; once the
 * attempt is over, its context has ended and reports have no effect.
 *
 * @since 0.1
 */
public final class Attempt {
  /** How a handler that waits for another task is recognised. */
  static final Key<Attempt> RUNNING = Key.of("attempt");

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

  Attempt(Engine engine, Job job, CancellableContext scope) {
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
    for (TaskRef fork : forks) fork.joinCancelled();
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

  /**
   * The context of this attempt: it ends at the task's deadline, when the task is cancelled, and
   * when the attempt is over. It carries {@link TaskProcessor#REQUEST_ID}.
   *
   * @return the same each time
   */
  public Context context() {
    return context;
  }

  /**
   * Which task this is.
   *
   * @return as it was submitted
   */
  public Task task() {
    return job.task;
  }

  /**
   * Which attempt this is.
   *
   * @return from 1
   */
  public int number() {
    return number;
  }

  /**
   * Reports how far the work is. Cheap: a report of the same percentage is dropped.
   *
   * @param percent 0 to 100, not below what this attempt reported before
   * @throws IllegalArgumentException if it is
   */
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

  /**
   * Moves the deadline of a critical task later by so much.
   *
   * @param more beyond the deadline that stands
   * @return true if it now stands; false, with nothing changed, if the task has ended or a context
   *     above ends before the new one
   * @throws IllegalStateException if the task is not critical
   */
  public boolean extend(Duration more) {
    Objects.requireNonNull(more, "say by how much to extend the deadline");
    checkCritical();
    return engine.extend(job, more);
  }

  /**
   * Moves the deadline of a critical task later.
   *
   * @param deadline the new one
   * @return true if it now stands; false, with nothing changed, if the task has ended, its deadline
   *     is later already, or a context above ends before the new one
   * @throws IllegalStateException if the task is not critical
   */
  public boolean extendTo(Deadline deadline) {
    Objects.requireNonNull(deadline, "say what to extend the deadline to");
    checkCritical();
    return engine.extendTo(job, deadline);
  }

  /**
   * Submits a task that belongs to this attempt: its context is a child of this one's, so it ends
   * with it, at this task's deadline at the latest. It goes through the queue with its own
   * priority. Wait for it with {@link TaskRef#await}, which lends this task's worker to others
   * meanwhile; the attempt is over only when the forked tasks are. A fork that fails is no failure
   * of this task unless the handler makes it one.
   *
   * @param child its {@link Task#parent()} becomes this task
   * @return the child
   * @throws RefusedException if the processor does not accept it
   */
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
