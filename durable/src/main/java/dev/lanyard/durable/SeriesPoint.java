package dev.lanyard.durable;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a span of time, for charts.
 *
 * @param at when the span began
 * @param submitted how many tasks were accepted
 * @param completed how many completed
 * @param failed how many failed
 * @param cancelled how many were cancelled
 * @param timedOut how many timed out
 * @param retries how many attempts failed and were followed by another one
 * @param p50 the median of how long those took that ended in the span and had been started; null if
 *     there were none
 * @param p95 the same, of 20 that took longest but one
 * @param p99 the same, of 100 that took longest but one
 * @since 0.1
 */
public record SeriesPoint(
    Instant at,
    long submitted,
    long completed,
    long failed,
    long cancelled,
    long timedOut,
    long retries,
    @Nullable Duration p50,
    @Nullable Duration p95,
    @Nullable Duration p99) {
  /**
   * How many tasks ended.
   *
   * @return in whichever way
   */
  public long finished() {
    return completed + failed + cancelled + timedOut;
  }
}
