package dev.lanyard.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of drivers beyond JDBC, looked up by name: a program without a database needs no
 * driver of it.
 */
final class OptionalDriver {
  private OptionalDriver() {}

  /** Null if it is not there. */
  static @Nullable Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException | LinkageError absent) {
      return null;
    }
  }

  /** A public method without parameters; null if there is none. */
  static @Nullable Method method(String type, String name) {
    Class<?> known = type(type);
    if (known == null) return null;
    try {
      return known.getMethod(name);
    } catch (NoSuchMethodException | LinkageError different) {
      return null;
    }
  }

  /** What it throws comes as the cause. */
  static @Nullable Object invoke(Method method, Object target, @Nullable Object... arguments)
      throws SQLException {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException failed) {
      throw new SQLException(failed.getCause());
    } catch (IllegalAccessException impossible) {
      throw new LinkageError("the method is public: " + method, impossible);
    }
  }
}
