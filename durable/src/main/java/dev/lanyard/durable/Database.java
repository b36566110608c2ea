package dev.lanyard.durable;

import dev.lanyard.context.TimeSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks live: a SQLite file, or a PostgreSQL server that many nodes share. Opening it brings
 * its tables up to date; several nodes may do that at once. One of these serves all threads of a
 * process. Close it after the processors that use it.
 *
 * {@snippet :
 * try (Database database = Database.sqlite(Path.of("tasks.db"));
 *     DurableProcessor processor = DurableProcessor.start(ctx, database, s -> s.withWorkers(8))) {
 *   StoredTask task = database.store().submit(Submission.of(Task.of("Nap", Sleep.KIND, nap)));
 *   StoredTask ended = database.store().await(ctx, task.id());
 * }
 * }
 *
 * @since 0.1
 */
public final class Database implements AutoCloseable {
  /**
   * What kind of database it is.
   *
   * @since 0.1
   */
  public enum Engine {
    /** A file, for one process. */
    SQLITE,
    /** A server, for many. */
    POSTGRESQL
  }

  private static final String SQLITE_URL = "jdbc:sqlite:";

  private final Connections connections;
  private final ServerClock clock;
  private final Queries queries;
  private final Feed feed;
  private final Journal journal;
  private final Starts starts = new Starts();
  private final Ends ends;
  private final Reruns reruns;
  private final Submissions submissions;
  private final TaskStore store;
  private final List<DurableProcessor> nodes = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  private Database(Connections connections) {
    this.connections = connections;
    clock = new ServerClock(connections, TimeSource.system());
    clock.correct();
    queries = new Queries(connections);
    boolean file = connections.engine() == Engine.SQLITE;
    feed = new Feed(queries, clock, file);
    var claims = new ClaimRows(connections, clock);
    ends = new Ends(claims);
    reruns = new Reruns(claims);
    submissions = new Submissions(claims);
    journal = new Journal(connections, clock, this::committed);
    store = new TaskStore(this);
    if (file) revive();
  }

  private void revive() {
    try {
      journal.write(tx -> {
        Changes.reviveAll(tx);
        return null;
      });
    } catch (RuntimeException failed) {
      journal.close();
      throw failed;
    }
  }

  /**
   * A file, which is made if it is not there, and its directory too. Each acknowledged change is
   * forced to the disk. One process has it at a time: a lock on the file {@code NAME.lock} beside
   * it sees to that.
   *
   * @param file the file
   * @return to be closed
   * @throws StoreException if another process has it, or it cannot be opened
   */
  public static Database sqlite(Path file) {
    Objects.requireNonNull(file, "say in which file the tasks are");
    return opened(new SqliteConnections(file));
  }

  /**
   * A PostgreSQL of version 13 or later. Needs a few connections at a time: one for what is
   * written, one that listens, up to three for claims and leases, and some to read; a pool of 10 is
   * enough for many workers. The data source stays the caller's.
   *
   * @param dataSource gives connections to the database
   * @return to be closed
   * @throws StoreException if it cannot be reached, or is no PostgreSQL of version 13 or later
   */
  public static Database postgresql(DataSource dataSource) {
    Objects.requireNonNull(dataSource, "there is no data source");
    return opened(PostgresConnections.of(dataSource));
  }

  /**
   * By a URL: {@code jdbc:sqlite:PATH} or {@code jdbc:postgresql://HOST/DATABASE}, for which it
   * makes a pool of its own.
   *
   * @param jdbcUrl where
   * @param user null if the URL says it or none is needed
   * @param password null if the URL says it or none is needed
   * @return to be closed
   * @throws IllegalArgumentException if the URL is of another kind
   * @throws StoreException if it cannot be opened
   */
  public static Database open(String jdbcUrl, @Nullable String user, @Nullable String password) {
    Objects.requireNonNull(jdbcUrl, "say where the database is");
    if (jdbcUrl.startsWith(SQLITE_URL)) {
      return sqlite(Path.of(jdbcUrl.substring(SQLITE_URL.length())));
    }
    if (jdbcUrl.startsWith("jdbc:postgresql:")) {
      return opened(PostgresConnections.open(jdbcUrl, user, password));
    }
    throw new IllegalArgumentException(
        "tasks can be kept in jdbc:sqlite:PATH or jdbc:postgresql://HOST/DATABASE, but not in \""
            + shown(jdbcUrl)
            + '"');
  }

  /**
   * A URL as people may see it: {@code ***} stands where a password was.
   *
   * @param jdbcUrl of any database, also a wrong one
   * @return for messages and logs
   */
  public static String shown(String jdbcUrl) {
    return ShownUrl.of(jdbcUrl);
  }

  /**
   * The tasks in it.
   *
   * @return the same each time
   */
  public TaskStore store() {
    return store;
  }

  /**
   * What kind of database it is.
   *
   * @return the engine
   */
  public Engine engine() {
    return connections.engine();
  }

  /**
   * Whether it answers, within some seconds.
   *
   * @return false if not, or if this is closed
   */
  public boolean isReachable() {
    if (closed) return false;
    try (Connection connection = connections.reader()) {
      return connection.isValid(2);
    } catch (SQLException unreachable) {
      return false;
    }
  }

  /**
   * Writes what was asked for before, and gives everything back. Nothing can be asked for later.
   */
  @Override
  public void close() {
    if (closed) return;
    closed = true;
    feed.close();
    journal.close();
    connections.close();
  }

  private static Database opened(Connections connections) {
    try {
      return new Database(connections);
    } catch (RuntimeException failed) {
      connections.close();
      throw failed;
    }
  }

  // ---- For this package

  /** On the journal's thread, and quickly. */
  private void committed(Tx tx) {
    for (DurableProcessor node : nodes) {
      if (tx.signals()) node.hurry();
      if (tx.isReady()) node.cameIn(tx.bestPriority(), tx.worstPriority());
    }
    feed.committed(tx);
  }

  void lookForDue() {
    for (DurableProcessor node : nodes) node.look();
  }

  void add(DurableProcessor node) {
    nodes.add(node);
  }

  void remove(DurableProcessor node) {
    nodes.remove(node);
  }

  Connections connections() {
    return connections;
  }

  ServerClock clock() {
    return clock;
  }

  Queries queries() {
    return queries;
  }

  Feed feed() {
    return feed;
  }

  Journal journal() {
    return journal;
  }

  Starts starts() {
    return starts;
  }

  Ends ends() {
    return ends;
  }

  Reruns reruns() {
    return reruns;
  }

  Submissions submissions() {
    return submissions;
  }
}
