package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a task. Written in the transaction that made it happen, kept as long
 * as the task; only progress is told but not kept.
 *
 * @param id grows; 0 for progress
 * @param at when
 * @param task the id of the task
 * @param type what
 * @param state where the task stood afterwards
 * @param attempt which attempt it was; 0 before the first
 * @param node where; null if on none
 * @param text what went wrong, why, by how much, the note of progress; null for nothing
 * @param name of the task
 * @param kind of the task
 * @param parent of the task; null for none
 * @param root of the task's tree
 * @param priority of the task
 * @param progress of the task when the event was read
 * @param deadline of the task when the event was read; null for none
 * @param runAt of the task when the event was read: since when or until when it waits
 * @param requestId of the task; null for none
 * @since 0.1
 */
public record StoredEvent(
    long id,
    Instant at,
    String task,
    Type type,
    State state,
    int attempt,
    @Nullable String node,
    @Nullable String text,
    String name,
    String kind,
    @Nullable String parent,
    String root,
    int priority,
    int progress,
    @Nullable Instant deadline,
    Instant runAt,
    @Nullable String requestId) {
  /**
   * What happened.
   *
   * @since 0.1
   */
  public enum Type {
    /** It was accepted. */
    SUBMITTED,
    /** The moment came for which it was scheduled. */
    DUE,
    /** An attempt began. */
    STARTED,
    /** The handler said how far it is. Not kept. */
    PROGRESS,
    /** An attempt failed; there will be another one. */
    RETRYING,
    /** Its deadline was moved. */
    EXTENDED,
    /** Somebody asked to cancel it while it ran. */
    CANCEL_REQUESTED,
    /** Its node was lost or shut down; it waits for another one. */
    LOST,
    /** Its context ended, but its handler does not leave. */
    STUCK,
    /** It completed. */
    COMPLETED,
    /** Its last attempt failed. */
    FAILED,
    /** It was cancelled. */
    CANCELLED,
    /** Its deadline passed. */
    TIMED_OUT,
    /** Somebody asked for another life of it. */
    RERUN;

    /**
     * The name as people and interfaces write it.
     *
     * @return in lower case, {@code timed_out}
     */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
