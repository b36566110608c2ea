package dev.lanyard.tasks;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * What a processor has done so far: a snapshot.
 *
 * @param counts how many tasks are in each state; for terminal states, how many have ended so.
 *     Every state has an entry
 * @param shortest of the durations of tasks that ran; zero if none has ended
 * @param median the same, over the last {@value #SAMPLE} of them
 * @param longest the same
 * @param retries how many attempts were made after a failed one
 * @param stuck how many handlers did not leave in time when their context ended
 * @since 0.1
 */
public record Stats(
    Map<State, Long> counts,
    Duration shortest,
    Duration median,
    Duration longest,
    long retries,
    long stuck) {
  /** The median is taken over so many durations, so that memory has a bound. */
  public static final int SAMPLE = 4096;

  /** Copies the counts. */
  public Stats {
    counts = Map.copyOf(counts);
  }

  /**
   * How many tasks are in a state, or have ended in it.
   *
   * @param state which
   * @return zero or more
   */
  public long count(State state) {
    return Objects.requireNonNullElse(counts.get(state), 0L);
  }

  /**
   * How many tasks have ended.
   *
   * @return all terminal states together
   */
  public long finished() {
    long finished = 0;
    for (State state : State.values()) if (state.isTerminal()) finished += count(state);
    return finished;
  }

  /**
   * Which part of the tasks that have ended were timed out.
   *
   * @return from 0 to 1; 0 if none has ended
   */
  public double timeoutRate() {
    return rate(State.TIMED_OUT);
  }

  /**
   * Which part of the tasks that have ended were cancelled.
   *
   * @return from 0 to 1; 0 if none has ended
   */
  public double cancellationRate() {
    return rate(State.CANCELLED);
  }

  private double rate(State state) {
    long finished = finished();
    return finished == 0 ? 0 : (double) count(state) / finished;
  }
}
