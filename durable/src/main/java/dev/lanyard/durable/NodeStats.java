package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.util.Map;
import java.util.Objects;

/**
 * What a node has done since it started: a snapshot.
 *
 * @param slots how many tasks it runs at once
 * @param running how many it runs
 * @param started how many attempts it began
 * @param finished how many tasks ended here, by their terminal state
 * @param retries how many attempts failed here and are followed by another one
 * @param released how many went back to the queue because it shut down
 * @param leasesLost how many it found taken from it
 * @param stuck how many handlers did not leave in time when their context ended
 * @since 0.1
 */
public record NodeStats(
    int slots,
    int running,
    long started,
    Map<State, Long> finished,
    long retries,
    long released,
    long leasesLost,
    long stuck) {
  /** Copies the counts. */
  public NodeStats {
    finished = Map.copyOf(finished);
  }

  /**
   * How many tasks ended here in a state.
   *
   * @param state a terminal one
   * @return zero or more
   */
  public long finished(State state) {
    return Objects.requireNonNullElse(finished.get(state), 0L);
  }
}
