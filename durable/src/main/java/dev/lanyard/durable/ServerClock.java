package dev.lanyard.durable;

import dev.lanyard.context.TimeSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock of the database, so that nodes whose own clocks differ agree on what is due and whose
 * heartbeat is old. Our own clock, and how far it is off: asked for again and again. A file has no
 * clock of its own.
 */
final class ServerClock {
  private static final Logger LOG = LoggerFactory.getLogger(ServerClock.class);

  /** Below this the offset is our ignorance of how long the answer took. */
  private static final long LARGE_MILLIS = 1_000;

  private final Connections connections;
  private volatile TimeSource time;
  private volatile long offsetMillis;

  ServerClock(Connections connections, TimeSource time) {
    this.connections = connections;
    this.time = time;
  }

  /** The clock of the tests that move it by hand; there is one for a database. */
  void use(TimeSource time) {
    this.time = time;
    correct();
  }

  long millis() {
    return time.instant().toEpochMilli() + offsetMillis;
  }

  Instant instant() {
    return time.instant().plusMillis(offsetMillis);
  }

  /** Keeps what it knew if the server does not answer. */
  void correct() {
    if (connections.engine() == Database.Engine.SQLITE) return;
    try (Connection connection = connections.reader();
        var statement = connection.createStatement()) {
      long before = time.instant().toEpochMilli();
      try (var row =
          statement.executeQuery("select (extract(epoch from clock_timestamp()) * 1000)::bigint")) {
        if (!row.next()) return;
        long there = row.getLong(1);
        long after = time.instant().toEpochMilli();
        long offset = there - (before + after) / 2;
        if (Math.abs(offset) > LARGE_MILLIS && Math.abs(offset - offsetMillis) > LARGE_MILLIS) {
          LOG.warn(
              "The clock of this machine is {} ms off the database's, which is the one that counts",
              -offset);
        }
        offsetMillis = offset;
      }
    } catch (SQLException unreachable) {
      LOG.debug("The clock of the database could not be read", unreachable);
    }
  }
}
