package dev.lanyard.durable;

import java.time.Instant;
import java.util.Locale;

/**
 * A node as it is known to the database.
 *
 * @param id host, process and something random
 * @param host the name of the machine
 * @param pid the process
 * @param startedAt when it started
 * @param heartbeatAt when it was last heard of
 * @param slots how many tasks it runs at once
 * @param running how many it runs
 * @param status what it is doing
 * @param version of the program
 * @since 0.1
 */
public record Node(
    String id,
    String host,
    long pid,
    Instant startedAt,
    Instant heartbeatAt,
    int slots,
    int running,
    Status status,
    String version) {
  /**
   * What a node is doing.
   *
   * @since 0.1
   */
  public enum Status {
    /** It takes tasks. */
    ACTIVE,
    /** The whole store is paused: it takes none. */
    PAUSED,
    /** It shuts down, and takes no more. */
    DRAINING,
    /** It was not heard of for too long. */
    LOST;

    /**
     * The name as people and interfaces write it.
     *
     * @return in lower case
     */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
