package dev.lanyard.durable;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.Key;
import dev.lanyard.tasks.Attempt;
import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.RefusedException.Reason;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskKind;
import dev.lanyard.tasks.TaskRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An attempt at a task of a database, as its handler sees it. */
final class DurableAttempt implements Attempt {
  /** How a handler that waits for another task is recognised. */
  static final Key<DurableAttempt> RUNNING = Key.of("durable attempt");

  @SuppressWarnings("StaticAssignmentOfThrowable") // a cause, told by its identity; never thrown
  private static final Throwable OVER = new CancellationException("the attempt is over");

  private final Runner runner;
  private final Run run;
  private final CancellableContext scope;
  private final Context context;

  /** Guarded by this. */
  private final List<TaskRef> forks = new ArrayList<>(0);

  /** How many threads of the handler wait for other tasks; guarded by this. */
  private int waiting;

  DurableAttempt(Runner runner, Run run) {
    this.runner = runner;
    this.run = run;
    scope = run.context.withCancel();
    context = scope.withValue(RUNNING, this);
  }

  // ---- For the runner

  <P> @Nullable Object handle(TaskKind<P> kind) throws Exception {
    return context.<@Nullable Object, Exception>callInterruptibly(() -> {
      Object result = kind.handler().handle(this, kind.payload().cast(run.task.payload()));
      for (TaskRef fork : forks()) fork.await(context);
      return result;
    });
  }

  private synchronized List<TaskRef> forks() {
    return List.copyOf(forks);
  }

  /** Null if nothing had ended the context before: then what the handler made of it counts. */
  @Nullable ContextException close() {
    scope.cancel(OVER);
    return scope.cause() == OVER ? null : scope.err();
  }

  @FunctionalInterface
  interface Wait<T> {
    T end() throws InterruptedException;
  }

  /** Others may have the worker while this waits. */
  <T> T lending(Wait<T> wait) throws InterruptedException {
    if (scope.isDone()) return wait.end();
    synchronized (this) {
      if (waiting++ == 0) runner.slots().lend();
    }
    try {
      return wait.end();
    } finally {
      takeBack();
    }
  }

  private void takeBack() {
    CompletableFuture<Void> turn;
    synchronized (this) {
      if (--waiting > 0) return;
      turn = runner.slots().takeBack();
    }
    if (turn.isDone()) return;
    try {
      context.await(turn);
    } catch (ContextException ended) {
      runner.slots().goOnWithout(turn);
    } catch (InterruptedException interrupted) {
      runner.slots().goOnWithout(turn);
      Thread.currentThread().interrupt();
    }
  }

  // ---- For the handler

  @Override
  public Context context() {
    return context;
  }

  @Override
  public Task task() {
    return run.task;
  }

  @Override
  public int number() {
    return run.start.task().attempt();
  }

  @Override
  public void progress(int percent) {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("progress is from 0 to 100 percent, not " + percent);
    }
    synchronized (this) {
      if (percent < run.progress) {
        throw new IllegalArgumentException(
            "progress cannot go back from " + run.progress + " to " + percent + " percent");
      }
      if (percent == run.progress || scope.isDone()) return;
      run.progress = percent;
    }
    runner.progressed(run, percent);
  }

  @Override
  public void note(String note) {
    Objects.requireNonNull(note, "there is no note; an empty one takes the last one away");
    if (!scope.isDone()) run.note = note.isEmpty() ? null : Texts.cut(note, 200);
  }

  @Override
  public boolean extend(Duration more) {
    Objects.requireNonNull(more, "say by how much to extend the deadline");
    checkCritical();
    if (!more.isPositive() || scope.isDone()) return false;
    try {
      runner.extend(run, more);
      return true;
    } catch (RefusedException refused) {
      return false;
    }
  }

  @Override
  public boolean extendTo(Deadline deadline) {
    Objects.requireNonNull(deadline, "say what to extend the deadline to");
    checkCritical();
    Duration more = deadline.remaining().minus(run.clock.context().remaining());
    return extend(more);
  }

  private void checkCritical() {
    if (!run.task.critical()) {
      throw new IllegalStateException(
          "task \"" + run.task.name() + "\" is not critical: its deadline stands");
    }
  }

  @Override
  public TaskRef fork(Task child) {
    Objects.requireNonNull(child, "there is no task to fork");
    if (scope.isDone()) {
      throw new RefusedException(
          Reason.PARENT_ENDED,
          "task \"" + child.name() + "\" is refused: the attempt that forks it is over",
          run.id());
    }
    TaskRef fork = runner.fork(child.withParent(run.id()), run, context);
    synchronized (this) {
      forks.add(fork);
    }
    return fork;
  }
}
