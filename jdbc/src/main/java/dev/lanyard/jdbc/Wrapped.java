package dev.lanyard.jdbc;

import java.sql.SQLException;
import java.sql.Wrapper;

/** {@link Wrapper} for what is wrapped here: the wrapper itself, then the driver's object. */
final class Wrapped {
  private Wrapped() {}

  static <T> T unwrap(Object wrapper, Wrapper driver, Class<T> type) throws SQLException {
    if (type.isInstance(wrapper)) return type.cast(wrapper);
    if (type.isInstance(driver)) return type.cast(driver);
    return driver.unwrap(type);
  }

  static boolean isWrapperFor(Object wrapper, Wrapper driver, Class<?> type) throws SQLException {
    return type.isInstance(wrapper) || type.isInstance(driver) || driver.isWrapperFor(type);
  }
}
