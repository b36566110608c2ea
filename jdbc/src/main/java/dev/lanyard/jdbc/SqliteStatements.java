package dev.lanyard.jdbc;

import dev.lanyard.context.Context;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one connection of SQLite, and the rows that each gave last.
 *
 * <p>SQLite cancels a connection as a whole, and goes on refusing whatever is executed there as
 * long as anything that was open at that moment is open: rows that were not read to their end, and
 * the key of the last insert, which the driver fetches by itself and keeps. None of them could be
 * read any more. So they are closed when a cancel is over, and the connection can be used.
 *
 * <p>The driver says of closed rows that there are no more. A program would take what it has read
 * for all there is: so whoever asks for what was cut off is told that it was.
 */
final class SqliteStatements {
  private static final @Nullable Class<?> CONNECTION =
      OptionalDriver.type("org.sqlite.SQLiteConnection");

  /** What an execution gave. */
  private static final class Given {
    /** Guarded by {@link #open}. */
    final List<ContextResultSet> rows = new ArrayList<>(1);

    /** Its first result is rows. The driver must not be asked for them otherwise: it may break. */
    volatile boolean hasRows;

    /** The context whose end has cost rows that nobody had asked for yet. */
    volatile @Nullable Context rowsCutBy;

    /** The same of generated keys. */
    volatile @Nullable Context keysCutBy;

    void cutUnasked(Statement statement, Context by) {
      try {
        if (hasRows && isLost(statement.getResultSet())) rowsCutBy = by;
      } catch (SQLException askedFor) {
        // They are among the rows.
      }
      try {
        if (isLost(statement.getGeneratedKeys())) keysCutBy = by;
      } catch (SQLException none) {
        // It has inserted nothing.
      }
    }

    private static boolean isLost(@Nullable ResultSet rows) throws SQLException {
      if (rows == null) return false;
      boolean isUnread = rows.isBeforeFirst();
      close(rows);
      return isUnread;
    }
  }

  /** Guarded by itself. */
  private final IdentityHashMap<Statement, Given> open = new IdentityHashMap<>();

  private SqliteStatements() {}

  /** Null for other databases. */
  static @Nullable SqliteStatements of(Connection driver) {
    try {
      return CONNECTION != null && driver.isWrapperFor(CONNECTION) ? new SqliteStatements() : null;
    } catch (SQLException broken) {
      return null;
    }
  }

  /** A statement is there, or is executed again: what it gave before is gone. */
  void opened(Statement statement) {
    synchronized (open) {
      open.put(statement, new Given());
    }
  }

  /** Executing a statement has given rows, which can be asked for. */
  void hasRows(Statement statement) {
    Given given = given(statement);
    if (given != null) given.hasRows = true;
  }

  /** A program has asked for rows. */
  void gave(Statement statement, ContextResultSet rows) {
    synchronized (open) {
      open.computeIfAbsent(statement, _ -> new Given()).rows.add(rows);
    }
  }

  void closed(Statement statement) {
    synchronized (open) {
      open.remove(statement);
    }
  }

  /** Null if the rows that this statement gave can be had. */
  @Nullable Context rowsCutBy(Statement statement) {
    Given given = given(statement);
    return given == null ? null : given.rowsCutBy;
  }

  /** Null if the keys that this statement generated can be had. */
  @Nullable Context keysCutBy(Statement statement) {
    Given given = given(statement);
    return given == null ? null : given.keysCutBy;
  }

  private @Nullable Given given(Statement statement) {
    synchronized (open) {
      return open.get(statement);
    }
  }

  /** No cancel is on its way any more. */
  void cutBy(Context context) {
    List<ContextResultSet> rows = new ArrayList<>();
    IdentityHashMap<Statement, Given> all;
    synchronized (open) {
      all = new IdentityHashMap<>(open);
      for (Given given : all.values()) rows.addAll(given.rows);
    }
    for (ContextResultSet each : rows) {
      each.cutBy(context);
      close(each.driver);
    }
    all.forEach((statement, given) -> given.cutUnasked(statement, context));
  }

  private static void close(ResultSet rows) {
    try {
      rows.close();
    } catch (SQLException cancelled) {
      // That is why it is closed.
    }
  }
}
