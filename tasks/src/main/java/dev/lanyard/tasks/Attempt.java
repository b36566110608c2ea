package dev.lanyard.tasks;

import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import java.time.Duration;

/**
 * One attempt at a task, as its handler sees it. Any thread of the handler's may use it; once the
 * attempt is over, its context has ended and reports have no effect.
 *
 * @since 0.1
 */
@SuppressWarnings("DoNotCallSuggester") // signatures first
public final class Attempt {
  Attempt() {}

  /**
   * The context of this attempt: it ends at the task's deadline, when the task is cancelled, and
   * when the attempt is over. It carries {@link TaskProcessor#REQUEST_ID}.
   *
   * @return the same each time
   */
  public Context context() {
    throw new UnsupportedOperationException();
  }

  /**
   * Which task this is.
   *
   * @return as it was submitted
   */
  public Task task() {
    throw new UnsupportedOperationException();
  }

  /**
   * Which attempt this is.
   *
   * @return from 1
   */
  public int number() {
    throw new UnsupportedOperationException();
  }

  /**
   * Reports how far the work is. Cheap: a report of the same percentage is dropped.
   *
   * @param percent 0 to 100, not below what this attempt reported before
   * @throws IllegalArgumentException if it is
   */
  public void progress(int percent) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }
}
