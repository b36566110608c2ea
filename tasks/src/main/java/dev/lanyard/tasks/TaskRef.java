package dev.lanyard.tasks;

import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A task that was submitted.
 *
 * @since 0.1
 */
public final class TaskRef {
  private final Engine engine;
  private final Job job;

  TaskRef(Engine engine, Job job) {
    this.engine = engine;
    this.job = job;
  }

  /** For a task whose context has ended: it ends within the grace. */
  void joinCancelled() {
    job.outcome.join();
  }

  /**
   * The id of the task.
   *
   * @return unique in its processor
   */
  public String id() {
    return task().id();
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
   * Where the task stands.
   *
   * @return a snapshot
   */
  public State state() {
    return job.state;
  }

  /**
   * What the handler last reported.
   *
   * @return 0 to 100; 100 once the task has completed
   */
  public int progress() {
    return job.progress;
  }

  /**
   * How the task ends. Completes after the listener was told, never exceptionally, on the thread
   * that ended the task; nothing that a caller does to the stage touches the task. A handler that
   * waits for another task by this stage, and not by {@link #await}, keeps its worker meanwhile.
   *
   * @return a stage
   */
  public CompletionStage<Outcome> outcome() {
    return job.outcome.minimalCompletionStage();
  }

  /**
   * Cancels the task, and its children. One that waits ends at once; one that runs ends when its
   * handler leaves.
   *
   * @param cause for the {@code getCause()} of {@link Outcome.Cancelled#reason()}; null for none
   * @return false if the task had ended already; true otherwise: it ends as cancelled unless its
   *     handler was just returning
   */
  public boolean cancel(@Nullable Throwable cause) {
    return engine.cancel(job, cause);
  }

  /**
   * Waits until the task has ended. Called by a handler, this lends the handler's worker to other
   * tasks meanwhile, so that tasks that wait for each other cannot use up the workers; before it
   * returns it waits for a worker again.
   *
   * @param context whose end ends the wait
   * @return how it ended
   * @throws ContextException as soon as the context is done; the task goes on
   * @throws InterruptedException if this thread is interrupted first
   */
  public Outcome await(Context context) throws InterruptedException {
    return engine.await(job, Objects.requireNonNull(context, "say in which context to wait"));
  }

  @Override
  public String toString() {
    return job.toString();
  }
}
