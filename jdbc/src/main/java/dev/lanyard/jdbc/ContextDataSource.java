package dev.lanyard.jdbc;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Objects;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source whose connections, statements and result sets stop with a {@link Context}: what
 * {@code database/sql} does in Go with {@code QueryContext}, for every JDBC driver and for code
 * that was not written for it.
 *
 * <p>A connection obeys the {@linkplain Context#current() current context} of whoever calls, at
 * each call; one from {@link #getConnection(Context)} obeys the given context as well, whichever
 * ends first. When a context ends:
 *
 * <ul>
 *   <li>waiting for a connection ends, and nothing of the pool is lost;
 *   <li>a statement, a fetch and a commit that are under way are cancelled in the database. If they
 *       have not come back after {@linkplain JdbcSettings#withGrace a grace}, the connection is
 *       aborted. A result that arrived anyway is returned;
 *   <li>later calls are refused before they reach the driver;
 *   <li>{@code rollback}, {@code close} and the settings of a connection go on working, so that
 *       cleaning up needs no care. Work that was not committed is rolled back by {@code close} and
 *       {@code setAutoCommit(true)}, never committed.
 * </ul>
 *
 * <p>What was ended throws {@link java.sql.SQLTimeoutException} if the deadline passed, else {@link
 * SQLException}; both with SQLState {@code 57014}, the {@link ContextException} as cause, and what
 * the driver said as suppressed exception. A commit whose connection had to be aborted has SQLState
 * {@code 08007}: nobody knows whether it took place.
 *
 * <p>A cancel never reaches a statement other than the one that it is for: the call that it was
 * sent for does not return before the cancel has. No thread watches anything; a thread is started
 * when something is to be cancelled. Drivers are never interrupted, also not inside {@link
 * Context#callInterruptibly}.
 *
 * {@snippet :
 * DataSource orders = ContextDataSource.wrap(pool);
 * try (Connection connection = orders.getConnection();
 *     PreparedStatement select = connection.prepareStatement("select total from orders where id = ?")) {
 *   select.setLong(1, id);
 *   ResultSet rows = select.executeQuery(); // ends with Context.current()
 * }
 * }
 *
 * <p>Put it above a connection pool, so that waiting for a connection ends too. Below a pool the
 * rest holds as well; some pools then throw a connection away after a {@link
 * java.sql.SQLTimeoutException}.
 *
 * <p>Any number of threads may use a data source. Wrapped objects are as safe as those of the
 * driver. {@code unwrap} leads to the driver, and past the context.
 *
 * @since 0.1
 */
public final class ContextDataSource implements DataSource {
  private final DataSource dataSource;
  private final JdbcSettings settings;

  private ContextDataSource(DataSource dataSource, JdbcSettings settings) {
    this.dataSource = dataSource;
    this.settings = settings;
  }

  /**
   * Wraps a data source with the default settings.
   *
   * @param dataSource a pool, or a driver's own; it remains its owner's to close
   * @return one whose connections stop with a context
   */
  public static ContextDataSource wrap(DataSource dataSource) {
    return new ContextDataSource(
        Objects.requireNonNull(dataSource, "there is no data source to wrap"),
        JdbcSettings.defaults());
  }

  /**
   * The same data source with other settings.
   *
   * @param settings for connections that are got from the result
   * @return a new wrapper; this one stays as it is
   */
  public ContextDataSource with(JdbcSettings settings) {
    return new ContextDataSource(
        dataSource, Objects.requireNonNull(settings, "settings are missing"));
  }

  /**
   * A connection that obeys the current context, at each call that of its caller. Waits until there
   * is one or the current context ends.
   *
   * @return a connection, to be closed by the caller
   * @throws SQLException if the data source has none, or the current context has ended
   */
  @Override
  public Connection getConnection() throws SQLException {
    return connection(null, dataSource::getConnection);
  }

  /**
   * A connection that obeys the given context and, at each call, the current one of its caller.
   *
   * @param context ends every call on this connection, on any thread
   * @return a connection, to be closed by the caller
   * @throws SQLException if the data source has none, or one of the two contexts has ended
   */
  public Connection getConnection(Context context) throws SQLException {
    Objects.requireNonNull(context, "a context is missing; without one there is getConnection()");
    return connection(context, dataSource::getConnection);
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return connection(null, () -> dataSource.getConnection(username, password));
  }

  private Connection connection(
      @Nullable Context given, ScopedValue.CallableOp<Connection, SQLException> open)
      throws SQLException {
    Connection driver;
    if (given == null) {
      driver = open(Context.current(), open);
    } else {
      try (CancellableContext both = given.linkedTo(Context.current())) {
        driver = open(both, open);
      }
    }
    return ContextConnection.over(driver, new DriverCalls(driver, given, settings));
  }

  private Connection open(Context governing, ScopedValue.CallableOp<Connection, SQLException> open)
      throws SQLException {
    try {
      governing.throwIfDone();
      // Of all regions around, only that of the governing context may end the wait.
      Connection driver =
          Context.<Connection, SQLException>shielded(
              () -> isBrokenByInterrupts() ? open.call() : governing.callInterruptibly(open));
      if (governing.isDone()) {
        // The pool delivered at the very moment: it gets its connection back.
        giveBack(driver);
        governing.throwIfDone();
      }
      return driver;
    } catch (ContextException ended) {
      throw Ended.exception("waiting for a connection", ended);
    }
  }

  private static void giveBack(Connection driver) throws SQLException {
    Context.<@Nullable Void, SQLException>shielded(() -> {
      driver.close();
      return null;
    });
  }

  /**
   * An interrupt while H2 opens a database file closes the file under all connections of the
   * process.
   */
  private boolean isBrokenByInterrupts() {
    return dataSource.getClass().getName().startsWith("org.h2.");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) return type.cast(this);
    if (type.isInstance(dataSource)) return type.cast(dataSource);
    return dataSource.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return type.isInstance(this) || type.isInstance(dataSource) || dataSource.isWrapperFor(type);
  }

  @Override
  public @Nullable PrintWriter getLogWriter() throws SQLException {
    return dataSource.getLogWriter();
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
    dataSource.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    dataSource.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return dataSource.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return dataSource.getParentLogger();
  }

  @Override
  public String toString() {
    return "ContextDataSource(" + dataSource + ")";
  }
}
