package dev.lanyard.tasks;

import dev.lanyard.context.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A step of a task, for those who watch. The events of one task come one after the other, in the
 * order in which they happened: {@code Queued (Started Progressed* Extended* (Retrying | …))*
 * Finished}, with a {@code Stuck} before {@code Finished} where a handler does not leave. Nothing
 * comes after {@code Finished}.
 *
 * @since 0.1
 */
public sealed interface TaskEvent {
  /**
   * Which task.
   *
   * @return as it was submitted
   */
  Task task();

  /**
   * When.
   *
   * @return on the wall clock
   */
  Instant moment();

  /**
   * The task was accepted and waits for a worker.
   *
   * @param task which
   * @param moment when
   * @since 0.1
   */
  record Queued(Task task, Instant moment) implements TaskEvent {}

  /**
   * An attempt begins.
   *
   * @param task which
   * @param moment when
   * @param attempt from 1
   * @since 0.1
   */
  record Started(Task task, Instant moment, int attempt) implements TaskEvent {}

  /**
   * The handler reports how far it is. Only changes are told.
   *
   * @param task which
   * @param moment when
   * @param percent 0 to 100
   * @since 0.1
   */
  record Progressed(Task task, Instant moment, int percent) implements TaskEvent {}

  /**
   * The deadline of a critical task was moved.
   *
   * @param task which
   * @param moment when
   * @param deadline the new one
   * @since 0.1
   */
  record Extended(Task task, Instant moment, Deadline deadline) implements TaskEvent {}

  /**
   * An attempt failed; there will be another one.
   *
   * @param task which
   * @param moment when
   * @param attempt the one that failed
   * @param delay how long the wait is
   * @param failure what the handler threw
   * @since 0.1
   */
  record Retrying(Task task, Instant moment, int attempt, Duration delay, Throwable failure)
      implements TaskEvent {}

  /**
   * The task has ended.
   *
   * @param task which
   * @param moment when
   * @param outcome how
   * @param attempts how many were begun; 0 if the task ended before a worker took it
   * @param duration from the start of the first attempt; zero without one
   * @since 0.1
   */
  record Finished(Task task, Instant moment, Outcome outcome, int attempts, Duration duration)
      implements TaskEvent {
    /**
     * Whether the task ever ran.
     *
     * @return false if it ended in the queue
     */
    public boolean started() {
      return attempts > 0;
    }
  }

  /**
   * The context of the task has ended, and yet its handler goes on after the grace. The task has
   * ended for everybody else, but its worker is not free.
   *
   * @param task which
   * @param moment when
   * @param stack where the handler is
   * @since 0.1
   */
  record Stuck(Task task, Instant moment, List<StackTraceElement> stack) implements TaskEvent {}
}
