package dev.lanyard.vertx;

import java.time.Duration;
import java.util.List;

/**
 * How a server shut down.
 *
 * @param took from the call until everything was over
 * @param cut the requests that were not finished when the time was over, oldest first
 * @since 0.1
 */
public record ShutdownReport(Duration took, List<Cut> cut) {
  /** Copies the list. */
  public ShutdownReport {
    cut = List.copyOf(cut);
  }

  /**
   * A request that was cut off.
   *
   * @param method as sent
   * @param target path and query as sent
   * @param requestId its id
   * @param age how long it had been under way
   */
  public record Cut(String method, String target, String requestId, Duration age) {}
}
