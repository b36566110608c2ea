package dev.lanyard.durable;

import java.nio.file.Path;
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
@SuppressWarnings("DoNotCallSuggester")
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

  private Database() {}

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
    throw new UnsupportedOperationException();
  }

  /**
   * A PostgreSQL of version 13 or later. Needs a few connections at a time: one for what is
   * written, one that listens, and some to read; a pool of 10 is enough for many workers. The data
   * source stays the caller's.
   *
   * @param dataSource gives connections to the database
   * @return to be closed
   * @throws StoreException if it cannot be reached, or is no PostgreSQL of version 13 or later
   */
  public static Database postgresql(DataSource dataSource) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /**
   * The tasks in it.
   *
   * @return the same each time
   */
  public TaskStore store() {
    throw new UnsupportedOperationException();
  }

  /**
   * What kind of database it is.
   *
   * @return the engine
   */
  public Engine engine() {
    throw new UnsupportedOperationException();
  }

  /**
   * Whether it answers, within about two seconds.
   *
   * @return false if not, or if this is closed
   */
  public boolean isReachable() {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes what was asked for before, and gives everything back. Nothing can be asked for later.
   */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
