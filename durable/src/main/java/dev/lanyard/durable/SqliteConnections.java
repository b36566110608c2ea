package dev.lanyard.durable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A SQLite file. All that is written goes through one door, a fair lock: SQLite has one writer at a
 * time anyhow, and who waits at the door waits in turn and is never told that the database is busy.
 *
 * <p>The lock on a file beside it, held until the end of this, proves that no other process has the
 * database: what it finds running there was left by one that died. The database itself cannot carry
 * that lock, as closing any handle of a file drops the locks that SQLite has on it.
 */
final class SqliteConnections implements Connections {
  private static final int BUSY_MILLIS = 10_000;

  private final FileChannel lockFile;
  private final String url;
  private final ReentrantLock door = new ReentrantLock(true);
  private final HikariDataSource readers;
  private final Session claims;

  SqliteConnections(Path file) {
    Path real = real(file);
    lockFile = lock(real);
    url = "jdbc:sqlite:" + real;
    HikariDataSource opened = null;
    try {
      // The first connection makes the file a database in WAL mode; readers cannot.
      try (Connection first = open(SQLiteConfig.SynchronousMode.FULL, true)) {
        Migrations.run(dataSource(SQLiteConfig.SynchronousMode.FULL), Database.Engine.SQLITE);
        first.isValid(1);
      }
      opened = pool();
      readers = opened;
      // A claim that a power cut takes back is only claimed again: it need not be forced to disk.
      claims = new Session(open(SQLiteConfig.SynchronousMode.NORMAL, true));
    } catch (SQLException | RuntimeException failed) {
      if (opened != null) opened.close();
      unlock();
      throw failed instanceof StoreException known
          ? known
          : new StoreException(
              "the database " + real + " cannot be opened: " + failed.getMessage(), failed);
    }
  }

  /** By whatever links it is reached: the lock stands beside the file itself. */
  private static Path real(Path file) {
    Path absolute = file.toAbsolutePath();
    try {
      if (Files.exists(absolute)) return absolute.toRealPath();
      Path folder = Objects.requireNonNull(absolute.getParent(), "a file is in a folder");
      Files.createDirectories(folder);
      return folder.toRealPath().resolve(absolute.getFileName());
    } catch (IOException failed) {
      throw new StoreException("the database " + file + " cannot be opened: " + failed, failed);
    }
  }

  private static FileChannel lock(Path file) {
    Path beside = file.resolveSibling(file.getFileName() + ".lock");
    FileChannel channel = null;
    try {
      channel = FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock != null) return channel;
      close(channel);
    } catch (IOException failed) {
      if (channel != null) close(channel);
      throw new StoreException(
          "the database " + file + " cannot be locked with " + beside + ": " + failed, failed);
    }
    throw new StoreException(
        "the database "
            + file
            + " is in use by another process (which has a lock on "
            + beside
            + "); stop that one, or use another file, or PostgreSQL for several processes",
        null);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldInThisProcess) {
      return null;
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException ignored) {
      // Nothing was written to it.
    }
  }

  private void unlock() {
    close(lockFile);
  }

  private static SQLiteConfig config(SQLiteConfig.SynchronousMode mode) {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(mode);
    config.setBusyTimeout(BUSY_MILLIS);
    // A transaction that begins by reading must not find out later that it cannot write.
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    return config;
  }

  private SQLiteDataSource dataSource(SQLiteConfig.SynchronousMode mode) {
    var dataSource = new SQLiteDataSource(config(mode));
    dataSource.setUrl(url);
    return dataSource;
  }

  private Connection open(SQLiteConfig.SynchronousMode mode, boolean autoCommit)
      throws SQLException {
    Connection connection = dataSource(mode).getConnection();
    connection.setAutoCommit(autoCommit);
    return connection;
  }

  private HikariDataSource pool() {
    var source = dataSource(SQLiteConfig.SynchronousMode.NORMAL);
    var config = new HikariConfig();
    config.setDataSource(source);
    config.setPoolName("lanyard-sqlite-readers");
    config.setMaximumPoolSize(4);
    config.setMinimumIdle(1);
    config.setMaxLifetime(0);
    config.setConnectionInitSql("pragma query_only = true");
    return new HikariDataSource(config);
  }

  @Override
  public Database.Engine engine() {
    return Database.Engine.SQLITE;
  }

  @Override
  public Connection openWriter() throws SQLException {
    return open(SQLiteConfig.SynchronousMode.FULL, true);
  }

  // By hand: with auto-commit off, the driver begins the next transaction with each commit, and so
  // keeps everybody else from writing.

  @Override
  public void begin(Session session) throws SQLException {
    session.prepare("begin immediate").execute();
  }

  @Override
  public void commit(Session session) throws SQLException {
    session.prepare("commit").execute();
  }

  @Override
  public void rollback(Session session) throws SQLException {
    session.prepare("rollback").execute();
  }

  @Override
  public void enter() {
    door.lock();
  }

  @Override
  public void leave() {
    door.unlock();
  }

  @Override
  public Connection reader() throws SQLException {
    return readers.getConnection();
  }

  @Override
  public DataSource forClaims() {
    return new ClaimsDataSource(() -> {
      enter();
      return Borrowed.of(claims, this::leave);
    });
  }

  @Override
  public Connection openListener() throws SQLException {
    throw new SQLException("SQLite sends no notifications");
  }

  @Override
  public void close() {
    readers.close();
    enter();
    try {
      claims.close();
    } finally {
      leave();
      unlock();
    }
  }
}
