package dev.lanyard.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a database says of itself. Much of it is asked for by queries, so that every method stops
 * with a context; none is called often enough to be worth more than a {@link Proxy}.
 */
final class ContextMetaData implements InvocationHandler {
  private final ContextConnection connection;
  private final DatabaseMetaData driver;

  private ContextMetaData(ContextConnection connection, DatabaseMetaData driver) {
    this.connection = connection;
    this.driver = driver;
  }

  static DatabaseMetaData over(ContextConnection connection, DatabaseMetaData driver) {
    return (DatabaseMetaData)
        Proxy.newProxyInstance(
            ContextMetaData.class.getClassLoader(),
            new Class<?>[] {DatabaseMetaData.class},
            new ContextMetaData(connection, driver));
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    return switch (method.getName()) {
      case "getConnection" -> connection;
      case "equals" -> proxy == Objects.requireNonNull(arguments)[0];
      case "hashCode", "toString" -> method.invoke(driver, arguments);
      case "unwrap" -> Wrapped.unwrap(proxy, driver, type(arguments));
      case "isWrapperFor" -> Wrapped.isWrapperFor(proxy, driver, type(arguments));
      default -> {
        connection.work();
        yield wrap(connection.calls.call("the metadata", null, () -> call(method, arguments)));
      }
    };
  }

  private static Class<?> type(@Nullable Object @Nullable [] arguments) {
    return (Class<?>) Objects.requireNonNull(Objects.requireNonNull(arguments)[0]);
  }

  private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments)
      throws SQLException {
    try {
      return method.invoke(driver, arguments);
    } catch (InvocationTargetException thrown) {
      switch (thrown.getCause()) {
        case SQLException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new SQLException("the driver failed in " + method, thrown);
      }
    } catch (IllegalAccessException impossible) {
      throw new LinkageError("the method is public: " + method, impossible);
    }
  }

  private @Nullable Object wrap(@Nullable Object result) throws SQLException {
    if (!(result instanceof ResultSet rows)) return result;
    Statement statement = rows.getStatement();
    // Rows that no statement stands behind were made up by the driver: nothing is fetched.
    if (statement == null) return rows;
    return ContextStatement.over(connection, statement).wrap(rows);
  }
}
