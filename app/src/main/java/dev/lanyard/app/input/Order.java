package dev.lanyard.app.input;

import dev.lanyard.tasks.Task;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task and what only a store can do with it.
 *
 * @param task what to do
 * @param terms when, and whether only once
 */
public record Order(Task task, Terms terms) {
  /**
   * What a store is asked for.
   *
   * @param at not to be started before; null for no such moment
   * @param delay not to be started before so long from now; null for none
   * @param unique while a task with this key has not ended, no other one is accepted; null for none
   */
  public record Terms(@Nullable Instant at, @Nullable Duration delay, @Nullable String unique) {
    static final Terms NONE = new Terms(null, null, null);

    /** When the task is due if it is now so late; null for at once. */
    public @Nullable Instant due(Instant now) {
      return delay == null ? at : now.plus(delay);
    }
  }
}
