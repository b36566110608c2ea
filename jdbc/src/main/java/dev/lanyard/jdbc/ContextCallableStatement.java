package dev.lanyard.jdbc;

import dev.lanyard.context.Context;
import java.sql.CallableStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A call of a procedure that stops with a context. */
abstract class ContextCallableStatement extends ContextPreparedStatement
    implements CallableStatement {
  private static final BiFunction<Origin, CallableStatement, ContextCallableStatement> COMPLETE =
      Delegates.completing(ContextCallableStatement.class, Origin.class, CallableStatement.class);

  private final CallableStatement callable;

  ContextCallableStatement(Origin origin, CallableStatement driver) {
    super(origin, driver);
    this.callable = driver;
  }

  static ContextCallableStatement over(
      ContextConnection connection, CallableStatement driver, String sql) {
    return COMPLETE.apply(new Origin(connection, sql), driver);
  }

  /** What is fetched later: the rows of a cursor, a large object. */
  private @Nullable Object wrapLater(@Nullable Object value) {
    return value instanceof ResultSet rows ? wrap(rows) : ShieldedLob.of(value);
  }

  private <T> @Nullable T getAs(
      Class<T> type, ScopedValue.CallableOp<@Nullable T, SQLException> getter) throws SQLException {
    T value = Context.<@Nullable T, SQLException>shielded(getter);
    Object wrapped = wrapLater(value);
    // Whoever asks for a type of the driver's own gets that.
    return type.isInstance(wrapped) ? type.cast(wrapped) : value;
  }

  @Override
  public @Nullable Object getObject(int index) throws SQLException {
    return wrapLater(
        Context.<@Nullable Object, SQLException>shielded(() -> callable.getObject(index)));
  }

  @Override
  public @Nullable Object getObject(String name) throws SQLException {
    return wrapLater(
        Context.<@Nullable Object, SQLException>shielded(() -> callable.getObject(name)));
  }

  @Override
  public @Nullable Object getObject(int index, Map<String, Class<?>> types) throws SQLException {
    return wrapLater(
        Context.<@Nullable Object, SQLException>shielded(() -> callable.getObject(index, types)));
  }

  @Override
  public @Nullable Object getObject(String name, Map<String, Class<?>> types) throws SQLException {
    return wrapLater(
        Context.<@Nullable Object, SQLException>shielded(() -> callable.getObject(name, types)));
  }

  @Override
  public <T> @Nullable T getObject(int index, Class<T> type) throws SQLException {
    return this.<T>getAs(type, () -> callable.getObject(index, type));
  }

  @Override
  public <T> @Nullable T getObject(String name, Class<T> type) throws SQLException {
    return this.<T>getAs(type, () -> callable.getObject(name, type));
  }
}
