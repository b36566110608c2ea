package dev.lanyard.tasks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A processor or a store does not do what it was asked for. The message says why, for the author of
 * the task or the operator; nothing was changed.
 *
 * @since 0.1
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Why, for programs.
   *
   * @since 0.1
   */
  public enum Reason {
    /** There is no such kind of task. */
    UNKNOWN_KIND,
    /** The kind takes other payloads. */
    WRONG_PAYLOAD,
    /** The timeout is longer than is allowed. */
    TIMEOUT_TOO_LONG,
    /** There is, or was of late, a task with this id. */
    DUPLICATE_ID,
    /** A task with this unique key has not ended; {@link #other()} is its id. */
    DUPLICATE_KEY,
    /** The parent is not known. */
    PARENT_UNKNOWN,
    /** The parent did not complete, or is being cancelled. */
    PARENT_ENDED,
    /** The tree of tasks would become too deep. */
    TOO_DEEP,
    /** So many tasks are waiting that no more are taken. */
    QUEUE_FULL,
    /** The processor is closing. */
    CLOSING,
    /** There is no task with this id. */
    UNKNOWN_TASK,
    /** The task has ended already. */
    ENDED,
    /** The task has not ended, or completed, and so does not run again. */
    NOT_RUN_AGAIN,
    /** The task is not critical: its deadline stands. */
    NOT_CRITICAL,
    /** The task is not running. */
    NOT_RUNNING,
    /** The deadline would be later than the task allows. */
    BEYOND_LIMIT
  }

  /** Why, for programs. */
  private final Reason reason;

  /** The task that stands in the way. */
  private final @Nullable String other;

  /**
   * A refusal; made by processors and stores.
   *
   * @param reason for programs
   * @param message for people: what to do
   * @param other the id of the task that stands in the way; null if none does
   */
  public RefusedException(Reason reason, String message, @Nullable String other) {
    super(message);
    this.reason = Objects.requireNonNull(reason, "a refusal needs a reason");
    this.other = other;
  }

  RefusedException(Task task, Reason reason, String why) {
    this(reason, "task \"" + task.name() + "\" is refused: " + why, null);
  }

  /**
   * Why, for programs.
   *
   * @return never null
   */
  public Reason reason() {
    return reason;
  }

  /**
   * The task that stands in the way.
   *
   * @return its id; null if none does
   */
  public @Nullable String other() {
    return other;
  }
}
