package dev.lanyard.tasks;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Counts what a processor does, in memory that does not grow. Under the lock of the engine. */
final class Tally {
  private final Map<State, Long> counts = new EnumMap<>(State.class);

  /** The last durations in nanoseconds, as a ring. */
  private long[] sample = new long[16];

  private long durations;
  private long shortest = Long.MAX_VALUE;
  private long longest;
  private long retries;
  private long stuck;

  Tally() {
    for (State state : State.values()) counts.put(state, 0L);
  }

  void enter(State state) {
    counts.merge(state, 1L, Long::sum);
  }

  void move(State from, State to) {
    counts.merge(from, -1L, Long::sum);
    counts.merge(to, 1L, Long::sum);
  }

  void retry() {
    retries++;
  }

  void stuck() {
    stuck++;
  }

  void duration(long nanos) {
    if (durations == sample.length && sample.length < Stats.SAMPLE) {
      sample = Arrays.copyOf(sample, Math.min(Stats.SAMPLE, sample.length * 4));
    }
    sample[(int) (durations++ % sample.length)] = nanos;
    shortest = Math.min(shortest, nanos);
    longest = Math.max(longest, nanos);
  }

  Stats stats() {
    return new Stats(
        counts,
        Duration.ofNanos(durations == 0 ? 0 : shortest),
        Duration.ofNanos(median()),
        Duration.ofNanos(longest),
        retries,
        stuck);
  }

  private long median() {
    if (durations == 0) return 0;
    long[] sorted = Arrays.copyOf(sample, (int) Math.min(durations, sample.length));
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2];
  }
}
