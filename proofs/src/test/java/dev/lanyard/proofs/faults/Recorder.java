package dev.lanyard.proofs.faults;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Writes down each text of SQL that goes through a data source, with the values of its last use.
 */
final class Recorder {
  /** A setter that was called, to be called on another statement. */
  private record Setting(Method setter, List<Object> arguments) {}

  private final Map<String, List<Setting>> statements = new LinkedHashMap<>();

  DataSource around(DataSource dataSource) {
    return proxy(
        DataSource.class,
        dataSource,
        (method, arguments, result) ->
            result instanceof Connection connection ? around(connection) : result);
  }

  private Connection around(Connection connection) {
    return proxy(
        Connection.class,
        connection,
        (method, arguments, result) ->
            method.getName().equals("prepareStatement")
                ? around((PreparedStatement) result, (String) arguments[0])
                : result);
  }

  private PreparedStatement around(PreparedStatement statement, String sql) {
    Map<Object, Setting> settings = new LinkedHashMap<>();
    return proxy(
        PreparedStatement.class,
        statement,
        (method, arguments, result) -> {
          String name = method.getName();
          if (name.startsWith("set") && arguments != null && arguments.length > 1) {
            settings.put(arguments[0], new Setting(method, Arrays.asList(arguments)));
          } else if (name.startsWith("execute") || name.equals("addBatch")) {
            record(sql, List.copyOf(settings.values()));
          }
          return result;
        });
  }

  private synchronized void record(String sql, List<Setting> settings) {
    statements.put(sql, settings);
  }

  /** Each text once, in the order of their first use. */
  synchronized List<String> texts() {
    return new ArrayList<>(statements.keySet());
  }

  synchronized void forget() {
    statements.clear();
  }

  /** Sets what was set when this text was used last. */
  void repeat(String sql, PreparedStatement statement) throws SQLException {
    List<Setting> settings;
    synchronized (this) {
      settings = statements.getOrDefault(sql, List.of());
    }
    for (Setting setting : settings) {
      try {
        setting.setter().invoke(statement, setting.arguments().toArray());
      } catch (ReflectiveOperationException failed) {
        throw new SQLException(failed);
      }
    }
  }

  private interface After {
    Object map(Method method, Object[] arguments, Object result);
  }

  private static <T> T proxy(Class<T> type, T target, After after) {
    InvocationHandler handler =
        (_, method, arguments) -> {
          Object result;
          try {
            result = method.invoke(target, arguments);
          } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
          }
          return after.map(method, arguments, result);
        };
    return type.cast(
        Proxy.newProxyInstance(Recorder.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
