package dev.lanyard.jdbc;

import dev.lanyard.context.Deadline;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's {@code statement_timeout} of one connection, kept a little behind the deadline. Used
 * by one thread at a time, inside a guarded call.
 *
 * <p>In a transaction it is set by {@code SET LOCAL} and goes with it. Outside it is set for the
 * session, and set back before the connection is given back.
 */
final class ServerTimeout {
  private final Connection driver;
  private final Duration slack;
  private @Nullable Boolean postgres;

  /** What the server was told last, in milliseconds; 0 if nothing is in force. */
  private long told;

  private boolean toldSession;
  private @Nullable String before;

  ServerTimeout(Connection driver, Duration slack) {
    this.driver = driver;
    this.slack = slack;
  }

  /** The server counts from the start of each statement, so that what it was told grows stale. */
  void keepBehind(Deadline deadline) throws SQLException {
    if (postgres == null) postgres = Cancel.isPostgres(driver);
    if (!postgres) return;
    if (deadline.isNone()) {
      restore();
      return;
    }
    long left = Math.max(1, deadline.remaining().plus(slack).toMillis());
    boolean session = driver.getAutoCommit();
    boolean stillGood = told >= left && told - left <= Math.max(1, slack.toMillis());
    if (stillGood && session == toldSession) return;
    long millis = Math.min(left, Integer.MAX_VALUE);
    try (Statement set = driver.createStatement()) {
      if (session && before == null) before = current(set);
      set.execute("set " + (session ? "" : "local ") + "statement_timeout = " + millis);
    } catch (SQLException refused) {
      // In a transaction that has failed nothing can be set, and what comes next fails as well.
      if (!"25P02".equals(refused.getSQLState())) throw refused;
    }
    told = millis;
    toldSession = session;
  }

  /** What was set for the transaction has gone with it. */
  void transactionEnded() {
    if (!toldSession) told = 0;
  }

  /** Sets the session back to what it was. */
  void restore() throws SQLException {
    if (before == null) return;
    try (Statement set = driver.createStatement()) {
      set.execute("set statement_timeout = '" + before + "'");
    }
    before = null;
    told = 0;
    toldSession = false;
  }

  private static String current(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("show statement_timeout")) {
      row.next();
      return row.getString(1);
    }
  }
}
