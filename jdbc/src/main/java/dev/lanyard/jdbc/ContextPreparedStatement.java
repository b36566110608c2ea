package dev.lanyard.jdbc;

import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A prepared statement that stops with a context. */
abstract class ContextPreparedStatement extends ContextStatement implements PreparedStatement {
  private static final BiFunction<Origin, PreparedStatement, ContextPreparedStatement> COMPLETE =
      Delegates.completing(ContextPreparedStatement.class, Origin.class, PreparedStatement.class);

  /** What it was prepared by, and from. */
  record Origin(ContextConnection connection, String sql) {}

  private final PreparedStatement prepared;
  private final String sql;

  ContextPreparedStatement(Origin origin, PreparedStatement driver) {
    super(origin.connection, driver);
    this.prepared = driver;
    this.sql = origin.sql;
  }

  static ContextPreparedStatement over(
      ContextConnection connection, PreparedStatement driver, String sql) {
    return COMPLETE.apply(new Origin(connection, sql), driver);
  }

  @Override
  public boolean execute() throws SQLException {
    return answers(sql, () -> prepared.execute());
  }

  @Override
  public ResultSet executeQuery() throws SQLException {
    return wrap(execute(sql, () -> prepared.executeQuery()));
  }

  @Override
  public int executeUpdate() throws SQLException {
    return this.<Integer>execute(sql, () -> prepared.executeUpdate());
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    return this.<Long>execute(sql, () -> prepared.executeLargeUpdate());
  }

  @Override
  String takeBatch() {
    return sql;
  }

  /** Drivers ask the database. */
  @Override
  public @Nullable ResultSetMetaData getMetaData() throws SQLException {
    return connection.calls.<@Nullable ResultSetMetaData>call(
        "describing the statement", driver, prepared::getMetaData);
  }

  @Override
  public ParameterMetaData getParameterMetaData() throws SQLException {
    return connection.calls.call(
        "describing the statement", driver, prepared::getParameterMetaData);
  }
}
