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
  private static final long AS_BEFORE = -1;

  private final Connection driver;
  private final Duration slack;
  private @Nullable Boolean postgres;

  /** What the session had before, which is what it gets back. */
  private @Nullable String before;

  /** What the session was told, in milliseconds; 0 if it has what it had before. */
  private long session;

  /** What the transaction was told, which hides that; 0 for nothing. */
  private long local;

  ServerTimeout(Connection driver, Duration slack) {
    this.driver = driver;
    this.slack = slack;
  }

  /** The server counts from the start of each statement, so that what it was told grows stale. */
  void keepBehind(Deadline deadline) throws SQLException {
    if (postgres == null) postgres = Cancel.isPostgres(driver);
    if (!postgres) return;
    boolean autoCommit = driver.getAutoCommit();
    long inForce = autoCommit || local == 0 ? session : local;
    long wanted = deadline.isNone() ? AS_BEFORE : millisUntil(deadline);
    if (isGoodFor(wanted, inForce)) return;
    if (!tell(autoCommit, wanted)) return;
    if (autoCommit) session = wanted == AS_BEFORE ? 0 : wanted;
    else local = wanted;
  }

  private long millisUntil(Deadline deadline) {
    long millis = deadline.remaining().plus(slack).toMillis();
    return Math.min(Math.max(1, millis), Integer.MAX_VALUE);
  }

  private boolean isGoodFor(long wanted, long inForce) {
    if (wanted == AS_BEFORE) return inForce == 0 || inForce == AS_BEFORE;
    return inForce >= wanted && inForce - wanted <= Math.max(1, slack.toMillis());
  }

  private boolean tell(boolean toSession, long millis) throws SQLException {
    try (Statement set = driver.createStatement()) {
      if (before == null) before = current(set);
      String value = millis == AS_BEFORE ? before : Long.toString(millis);
      set.execute("set " + (toSession ? "" : "local ") + "statement_timeout = '" + value + "'");
      return true;
    } catch (SQLException refused) {
      // In a transaction that has failed nothing can be set, and what comes next fails as well.
      if ("25P02".equals(refused.getSQLState())) return false;
      throw refused;
    }
  }

  /** What was set for the transaction has gone with it. */
  void transactionEnded() {
    local = 0;
  }

  /** Before the connection is given back: the session gets back what it had. */
  void restore() throws SQLException {
    if (session == 0) return;
    if (driver.getAutoCommit()) {
      tell(true, AS_BEFORE);
    } else {
      // What is open is given up, as every pool does, and must not take this with it.
      driver.rollback();
      tell(true, AS_BEFORE);
      driver.commit();
    }
    session = 0;
  }

  private static String current(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("show statement_timeout")) {
      row.next();
      return row.getString(1);
    }
  }
}
