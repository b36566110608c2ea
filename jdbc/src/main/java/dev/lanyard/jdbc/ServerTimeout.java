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

  /** What the session had before, which is what it gets back. */
  private @Nullable String before;

  /** What the server was told last, in milliseconds; 0 if it has what it had before. */
  private long told;

  private boolean toldSession;

  ServerTimeout(Connection driver, Duration slack) {
    this.driver = driver;
    this.slack = slack;
  }

  /** The server counts from the start of each statement, so that what it was told grows stale. */
  void keepBehind(Deadline deadline) throws SQLException {
    if (postgres == null) postgres = Cancel.isPostgres(driver);
    if (!postgres) return;
    boolean session = driver.getAutoCommit();
    if (deadline.isNone()) {
      if (told != 0) tell(session, "'" + before + "'");
      told = 0;
      return;
    }
    long wanted = Math.max(1, deadline.remaining().plus(slack).toMillis());
    boolean stillGood = told >= wanted && told - wanted <= Math.max(1, slack.toMillis());
    if (stillGood && session == toldSession) return;
    if (tell(session, Long.toString(Math.min(wanted, Integer.MAX_VALUE)))) {
      told = wanted;
      toldSession = session;
    }
  }

  private boolean tell(boolean session, String value) throws SQLException {
    try (Statement set = driver.createStatement()) {
      if (before == null) before = current(set);
      set.execute("set " + (session ? "" : "local ") + "statement_timeout = " + value);
      return true;
    } catch (SQLException refused) {
      // In a transaction that has failed nothing can be set, and what comes next fails as well.
      if ("25P02".equals(refused.getSQLState())) return false;
      throw refused;
    }
  }

  /** What was set for the transaction has gone with it. */
  void transactionEnded() {
    if (!toldSession) told = 0;
  }

  /** Before the connection is given back: the session gets back what it had. */
  void restore() throws SQLException {
    if (told == 0 || !toldSession) return;
    if (driver.getAutoCommit()) {
      tell(true, "'" + before + "'");
    } else {
      // What is open is given up, as every pool does, and must not take this with it.
      driver.rollback();
      tell(true, "'" + before + "'");
      driver.commit();
    }
    told = 0;
  }

  private static String current(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("show statement_timeout")) {
      row.next();
      return row.getString(1);
    }
  }
}
