package dev.lanyard.jdbc;

import java.lang.reflect.InvocationTargetException;
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
  /** Looked up by name: a program without PostgreSQL needs no driver of it. */
  private static final @Nullable Method CANCEL_QUERY = cancelQuery();

  private Cancel() {}

  /**
   * Cancels the statement, or the connection's current work where the driver can do that. With
   * PostgreSQL it is always the latter: its {@code Statement.cancel} does nothing while rows are
   * fetched or a transaction is committed.
   *
   * @param statement what is executed, or null for work without one (a commit, metadata)
   */
  static void send(Connection driver, @Nullable Statement statement) throws SQLException {
    if (isPostgres(driver)) cancelQuery(driver);
    else if (statement != null) statement.cancel();
  }

  static boolean isPostgres(Connection driver) throws SQLException {
    return CANCEL_QUERY != null && driver.isWrapperFor(CANCEL_QUERY.getDeclaringClass());
  }

  private static void cancelQuery(Connection driver) throws SQLException {
    Method cancelQuery = Objects.requireNonNull(CANCEL_QUERY);
    try {
      cancelQuery.invoke(driver.unwrap(cancelQuery.getDeclaringClass()));
    } catch (InvocationTargetException failed) {
      throw new SQLException(failed.getCause());
    } catch (IllegalAccessException impossible) {
      throw new LinkageError("the method is public: " + cancelQuery, impossible);
    }
  }

  private static @Nullable Method cancelQuery() {
    try {
      return Class.forName("org.postgresql.PGConnection").getMethod("cancelQuery");
    } catch (ReflectiveOperationException | LinkageError absent) {
      return null;
    }
  }
}
