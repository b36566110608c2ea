package dev.lanyard.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one connection of SQLite, and the rows that each gave last.
 *
 * <p>SQLite cancels a connection as a whole, and goes on refusing whatever is executed there as
 * long as anything that was open at that moment is open: rows that were not read to their end, and
 * the key of the last insert, which the driver fetches by itself and keeps. None of them could be
 * read any more. So they are closed when a cancel is over, and the connection can be used.
 */
final class SqliteStatements {
  /** Looked up by name: a program without SQLite needs no driver of it. */
  private static final @Nullable Class<?> CONNECTION = lookUp();

  /** Guarded by itself. */
  private final IdentityHashMap<Statement, @Nullable ResultSet> open = new IdentityHashMap<>();

  private SqliteStatements() {}

  /** Null for other databases. */
  static @Nullable SqliteStatements of(Connection driver) {
    try {
      return CONNECTION != null && driver.isWrapperFor(CONNECTION) ? new SqliteStatements() : null;
    } catch (SQLException broken) {
      return null;
    }
  }

  private static @Nullable Class<?> lookUp() {
    try {
      return Class.forName("org.sqlite.SQLiteConnection");
    } catch (ClassNotFoundException | LinkageError absent) {
      return null;
    }
  }

  /**
   * A statement is there, or has given rows.
   *
   * @param rows null if none are open
   */
  void opened(Statement statement, @Nullable ResultSet rows) {
    synchronized (open) {
      open.put(statement, rows);
    }
  }

  void closed(Statement statement) {
    synchronized (open) {
      open.remove(statement);
    }
  }

  /** No cancel is on its way any more. */
  void closeRows() {
    IdentityHashMap<Statement, @Nullable ResultSet> all;
    synchronized (open) {
      all = new IdentityHashMap<>(open);
    }
    all.forEach((statement, rows) -> {
      if (rows != null) close(rows);
      try {
        close(statement.getGeneratedKeys());
      } catch (SQLException none) {
        // It has inserted nothing.
      }
    });
  }

  private static void close(ResultSet rows) {
    try {
      rows.close();
    } catch (SQLException cancelled) {
      // That is why it is closed.
    }
  }
}
