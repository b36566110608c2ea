package dev.lanyard.jdbc;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks a database to end what a connection is doing. Called on another thread than the one that is
 * in the driver.
 */
final class Cancel {
  private static final @Nullable Method POSTGRES =
      OptionalDriver.method("org.postgresql.PGConnection", "cancelQuery");
  private static final @Nullable Method MARIADB =
      OptionalDriver.method("org.mariadb.jdbc.Connection", "cancelCurrentQuery");

  private Cancel() {}

  /**
   * Cancels the statement, or the connection's current work where the driver can do that. With
   * PostgreSQL it is always the latter: its {@code Statement.cancel} does nothing while rows are
   * fetched or a transaction is committed. H2 is told by {@link H2Session}.
   *
   * @param statement what is executed, or null for work without one (a commit, metadata)
   */
  static void send(Connection driver, @Nullable Statement statement) throws SQLException {
    if (isPostgres(driver)) call(POSTGRES, driver);
    else if (H2Session.cancel(driver)) return;
    else if (statement != null) statement.cancel();
    else if (isOf(MARIADB, driver)) call(MARIADB, driver);
  }

  /**
   * What was cancelled has returned, and no cancel is on its way any more. Of the drivers known,
   * only H2 keeps one that came too late for whatever is executed next.
   */
  static void forget(Connection driver) {
    try {
      H2Session.forgetCancel(driver);
    } catch (SQLException | RuntimeException dead) {
      // Nothing will be executed next.
    }
  }

  static boolean isPostgres(Connection driver) throws SQLException {
    return isOf(POSTGRES, driver);
  }

  private static boolean isOf(@Nullable Method cancel, Connection driver) throws SQLException {
    return cancel != null && driver.isWrapperFor(cancel.getDeclaringClass());
  }

  private static void call(@Nullable Method cancel, Connection driver) throws SQLException {
    Method known = Objects.requireNonNull(cancel);
    OptionalDriver.invoke(known, driver.unwrap(known.getDeclaringClass()));
  }
}
