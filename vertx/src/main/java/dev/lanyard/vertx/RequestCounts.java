package dev.lanyard.vertx;

/**
 * How many requests have ended, by their cause; each is in one of the first five.
 *
 * @param finished answered, and not ended by anything else before
 * @param clientGone left by their client
 * @param timedOut ended by a limit of the server or by the deadline of the caller
 * @param shuttingDown cut off by a shutdown
 * @param other ended with a context that they were derived from
 * @param refused of the finished, those that were turned away at once with 503
 * @since 0.1
 */
public record RequestCounts(
    long finished, long clientGone, long timedOut, long shuttingDown, long other, long refused) {
  /**
   * All that have ended.
   *
   * @return the sum of the causes
   */
  public long total() {
    return finished + clientGone + timedOut + shuttingDown + other;
  }
}
