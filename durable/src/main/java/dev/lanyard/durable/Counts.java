package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.util.Map;
import java.util.Objects;

/**
 * How many tasks the database has in each state.
 *
 * @param states every state has an entry
 * @since 0.1
 */
public record Counts(Map<State, Long> states) {
  /** Copies the counts. */
  public Counts {
    states = Map.copyOf(states);
  }

  /**
   * How many are in a state.
   *
   * @param state which
   * @return zero or more
   */
  public long of(State state) {
    return Objects.requireNonNullElse(states.get(state), 0L);
  }
}
