package dev.lanyard.tasks;

import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A task that was submitted. Implemented by the processors.
 *
 * @since 0.1
 */
public interface TaskRef {
  /**
   * The id of the task.
   *
   * @return unique in its processor
   */
  String id();

  /**
   * Which task this is.
   *
   * @return as it was submitted
   */
  Task task();

  /**
   * Where the task stands.
   *
   * @return a snapshot
   */
  State state();

  /**
   * What the handler last reported.
   *
   * @return 0 to 100; 100 once the task has completed
   */
  int progress();

  /**
   * How the task ends. Completes after the listener was told, on a thread of the processor;
   * exceptionally only if the task is kept in a database that is closed first. Nothing that a
   * caller does to the stage touches the task. A handler that waits for another task by this stage,
   * and not by {@link #await}, keeps its worker meanwhile.
   *
   * @return a stage
   */
  CompletionStage<Outcome> outcome();

  /**
   * Cancels the task, and its children. One that waits ends at once; one that runs ends when its
   * handler leaves.
   *
   * @param cause for the {@code getCause()} of {@link Outcome.Cancelled#reason()}; null for none
   * @return false if the task had ended already; true otherwise: it ends as cancelled unless its
   *     handler was just returning
   */
  boolean cancel(@Nullable Throwable cause);

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
  Outcome await(Context context) throws InterruptedException;
}
