package dev.lanyard.tasks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a task stands. {@link #on} is the only place that says which changes there are; {@code
 * docs/task-states.md} draws it and is tested against it.
 *
 * @since 0.1
 */
public enum State {
  /** It is not due yet. The processor in memory has no such tasks: they come with stores. */
  SCHEDULED,
  /** It waits for a worker. */
  PENDING,
  /** A worker has it. */
  RUNNING,
  /** An attempt has failed; it waits for the next one. */
  RETRYING,
  /** Its handler returned. */
  COMPLETED,
  /** Its last attempt threw. */
  FAILED,
  /** Its context was cancelled before the handler returned. */
  CANCELLED,
  /** Its deadline passed before the handler returned. */
  TIMED_OUT;

  /**
   * What can happen to a task.
   *
   * @since 0.1
   */
  public enum Change {
    /** Its time has come. */
    DUE,
    /** A worker took it. */
    START,
    /** The handler returned. */
    COMPLETE,
    /** The handler threw, and there is no further attempt. */
    FAIL,
    /** The handler threw, and there will be another attempt. */
    RETRY,
    /** The context was cancelled. */
    CANCEL,
    /** The deadline passed. */
    TIME_OUT,
    /** The worker was lost or shut down, and another may take the task. */
    LOSE;

    /**
     * The name as the diagram shows it.
     *
     * @return in lower case
     */
    @Override
    public String toString() {
      return lowerCase(this);
    }
  }

  /**
   * The state after a change.
   *
   * @param change what happens
   * @return the new state
   * @throws IllegalStateException if that cannot happen in this state; nothing happens to a state
   *     that is terminal
   */
  public State on(Change change) {
    State next = next(change);
    if (next != null) return next;
    throw new IllegalStateException(
        isTerminal()
            ? "a task that is " + this + " stays so: \"" + change + "\" cannot happen to it"
            : "\"" + change + "\" cannot happen to a task that is " + this);
  }

  private @Nullable State next(Change change) {
    return switch (this) {
      case SCHEDULED ->
          switch (change) {
            case DUE -> PENDING;
            case CANCEL -> CANCELLED;
            case START, COMPLETE, FAIL, RETRY, TIME_OUT, LOSE -> null;
          };
      case PENDING ->
          switch (change) {
            case START -> RUNNING;
            case CANCEL -> CANCELLED;
            case TIME_OUT -> TIMED_OUT;
            case DUE, COMPLETE, FAIL, RETRY, LOSE -> null;
          };
      case RUNNING ->
          switch (change) {
            case COMPLETE -> COMPLETED;
            case FAIL -> FAILED;
            case RETRY -> RETRYING;
            case CANCEL -> CANCELLED;
            case TIME_OUT -> TIMED_OUT;
            case LOSE -> PENDING;
            case DUE, START -> null;
          };
      case RETRYING ->
          switch (change) {
            case START -> RUNNING;
            case CANCEL -> CANCELLED;
            case TIME_OUT -> TIMED_OUT;
            case DUE, COMPLETE, FAIL, RETRY, LOSE -> null;
          };
      case COMPLETED, FAILED, CANCELLED, TIMED_OUT -> null;
    };
  }

  /**
   * Whether this is how tasks end: nothing changes it.
   *
   * @return true for the last four
   */
  public boolean isTerminal() {
    return switch (this) {
      case COMPLETED, FAILED, CANCELLED, TIMED_OUT -> true;
      case SCHEDULED, PENDING, RUNNING, RETRYING -> false;
    };
  }

  /**
   * The name as people and files write it.
   *
   * @return in lower case, {@code timed_out}
   */
  @Override
  public String toString() {
    return lowerCase(this);
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
