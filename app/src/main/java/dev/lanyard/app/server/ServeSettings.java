package dev.lanyard.app.server;

import dev.lanyard.app.input.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code lanyard serve} is to do.
 *
 * @param rate submissions that are taken in a second
 * @param hosts names under which clients may call this server, besides those that are its own
 * @param token null where none is needed
 */
record ServeSettings(
    Address listen,
    String db,
    @Nullable String dbUser,
    @Nullable String dbPassword,
    int workers,
    Map<String, Integer> limits,
    Duration maxTimeout,
    Duration drain,
    Retention retention,
    int rate,
    Set<String> hosts,
    @Nullable Token token) {
  private static final String SQLITE = "jdbc:sqlite:";

  ServeSettings {
    limits = Map.copyOf(limits);
    hosts = Set.copyOf(hosts);
  }

  boolean isSqlite() {
    return file() != null;
  }

  /** The file of SQLite; null if it is another database. */
  @Nullable Path file() {
    return db.startsWith(SQLITE) ? Path.of(db.substring(SQLITE.length())) : null;
  }

  /** Records print all they have. */
  @Override
  public String toString() {
    return "serve on " + listen;
  }
}
