package dev.lanyard.jdbc;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * How H2 is asked to end what a connection does, where the database is in this process.
 *
 * <p>Its {@code Statement.cancel} will not do: one that comes while the statement begins makes H2
 * forget which command that statement executes, so that every later one finds nothing to cancel,
 * and the statement goes on for ever. It also knows nothing of batches and of lazy fetches. The
 * session itself can be told, and be told that it was not meant for what comes next.
 */
final class H2Session {
  private static final @Nullable H2Session KNOWN = lookUp();

  private final Class<? extends Connection> connection;
  private final Method session;
  private final Class<?> local;
  private final Method cancel;
  private final Method timeout;
  private final Method setTimeout;

  private H2Session(Class<? extends Connection> connection, Class<?> local)
      throws NoSuchMethodException {
    this.connection = connection;
    this.local = local;
    session = connection.getMethod("getSession");
    cancel = local.getMethod("cancel");
    timeout = local.getMethod("getQueryTimeout");
    setTimeout = local.getMethod("setQueryTimeout", int.class);
  }

  private static @Nullable H2Session lookUp() {
    Class<?> connection = OptionalDriver.type("org.h2.jdbc.JdbcConnection");
    Class<?> local = OptionalDriver.type("org.h2.engine.SessionLocal");
    if (connection == null || local == null) return null;
    try {
      return new H2Session(connection.asSubclass(Connection.class), local);
    } catch (NoSuchMethodException | LinkageError different) {
      return null;
    }
  }

  /**
   * Cancels what the connection does.
   *
   * @return false if this is not H2, or one in another process
   */
  static boolean cancel(Connection driver) throws SQLException {
    Object session = of(driver);
    if (KNOWN == null || session == null) return false;
    OptionalDriver.invoke(KNOWN.cancel, session);
    return true;
  }

  /** What was cancelled has returned: a cancel that came after its end is taken back. */
  static void forgetCancel(Connection driver) throws SQLException {
    Object session = of(driver);
    if (KNOWN == null || session == null) return;
    // H2 forgets what it was told together with the timeout of the session, whatever that is.
    OptionalDriver.invoke(KNOWN.setTimeout, session, OptionalDriver.invoke(KNOWN.timeout, session));
  }

  /** Null if there is none in this process. */
  private static @Nullable Object of(Connection driver) throws SQLException {
    if (KNOWN == null || !driver.isWrapperFor(KNOWN.connection)) return null;
    Object session = OptionalDriver.invoke(KNOWN.session, driver.unwrap(KNOWN.connection));
    return KNOWN.local.isInstance(session) ? session : null;
  }
}
