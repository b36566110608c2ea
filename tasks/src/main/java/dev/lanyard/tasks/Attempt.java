package dev.lanyard.tasks;

import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import java.time.Duration;

/**
 * One attempt at a task, as its handler sees it. Any thread of the handler's may use it; once the
 * attempt is over, its context has ended and reports have no effect.
 *
 * <p>Implemented by the processors: the one in this module, and those with a store. A handler that
 * uses nothing else runs unchanged on each of them.
 *
 * @since 0.1
 */
public interface Attempt {
  /**
   * The context of this attempt: it ends at the task's deadline, when the task is cancelled, and
   * when the attempt is over. It carries {@link TaskProcessor#REQUEST_ID}.
   *
   * @return the same each time
   */
  Context context();

  /**
   * Which task this is.
   *
   * @return as it was submitted
   */
  Task task();

  /**
   * Which attempt this is.
   *
   * @return from 1
   */
  int number();

  /**
   * Reports how far the work is. Cheap: a report of the same percentage is dropped.
   *
   * @param percent 0 to 100, not below what this attempt reported before
   * @throws IllegalArgumentException if it is
   */
  void progress(int percent);

  /**
   * Says in a few words what is being done, beside the progress: {@code "page 17 of 40"}. The last
   * one counts. A processor may show it, store it cut to 200 letters, or drop it, as the one in
   * memory does.
   *
   * @param note one line; empty for none
   */
  void note(String note);

  /**
   * Moves the deadline of a critical task later by so much.
   *
   * @param more beyond the deadline that stands
   * @return true if it now stands; false, with nothing changed, if the task has ended or a context
   *     above ends before the new one
   * @throws IllegalStateException if the task is not critical
   */
  boolean extend(Duration more);

  /**
   * Moves the deadline of a critical task later.
   *
   * @param deadline the new one
   * @return true if it now stands; false, with nothing changed, if the task has ended, its deadline
   *     is later already, or a context above ends before the new one
   * @throws IllegalStateException if the task is not critical
   */
  boolean extendTo(Deadline deadline);

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
  TaskRef fork(Task child);
}
