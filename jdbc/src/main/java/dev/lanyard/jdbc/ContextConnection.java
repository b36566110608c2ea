package dev.lanyard.jdbc;

import dev.lanyard.context.Context;
import java.sql.Array;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A connection whose calls stop with a context. What is not here is passed on as it is. */
abstract class ContextConnection implements Connection {
  private static final BiFunction<DriverCalls, Connection, ContextConnection> COMPLETE =
      Delegates.completing(ContextConnection.class, DriverCalls.class, Connection.class);

  final Connection driver;
  final DriverCalls calls;

  /** Something was executed since the last commit or rollback. */
  private volatile boolean worked;

  ContextConnection(DriverCalls calls, Connection driver) {
    this.calls = calls;
    this.driver = driver;
  }

  static ContextConnection over(Connection driver, DriverCalls calls) {
    return COMPLETE.apply(calls, driver);
  }

  /** Before anything that belongs to a transaction. */
  void work() throws SQLException {
    if (worked) return;
    calls.begin();
    worked = true;
  }

  @Override
  public void commit() throws SQLException {
    calls.commit(() -> {
      driver.commit();
      return null;
    });
    worked = false;
  }

  /** Not refused: cleaning up must work. What an aborted connection had begun is rolled back. */
  @Override
  public void rollback() throws SQLException {
    if (calls.isBroken()) return;
    try {
      DriverAction.shielded(driver::rollback);
    } catch (SQLException failed) {
      if (!calls.hasLostTransaction() || driver.getAutoCommit()) throw failed;
      rollbackAgain(failed);
    }
    calls.transactionEnded();
    worked = false;
  }

  /**
   * SQLite rolls a transaction back by itself when a statement that writes is cancelled, and then
   * complains that there is none. In a new one it can do what it is told.
   */
  private void rollbackAgain(SQLException failed) throws SQLException {
    try (Statement statement = driver.createStatement()) {
      DriverAction.shielded(() -> {
        statement.execute("begin");
        driver.rollback();
      });
    } catch (SQLException again) {
      failed.addSuppressed(again);
      throw failed;
    }
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    if (calls.isBroken()) return;
    DriverAction.shielded(() -> driver.rollback(savepoint));
    calls.forgetLocalTimeout();
  }

  /**
   * Turning it on commits, which a context that has ended does not allow: then the work is rolled
   * back, the connection is put into the state that was asked for (whoever cleans up relies on it),
   * and the caller is told.
   */
  @Override
  public void setAutoCommit(boolean autoCommit) throws SQLException {
    if (calls.isBroken()) return;
    boolean nothingIsOpen = driver.getAutoCommit();
    if (!autoCommit || nothingIsOpen) {
      DriverAction.shielded(() -> driver.setAutoCommit(autoCommit));
      if (nothingIsOpen) {
        calls.transactionEnded();
        worked = false;
      }
      return;
    }
    if (!worked) {
      DriverAction.shielded(() -> driver.setAutoCommit(true));
      calls.transactionEnded();
    } else if (calls.isEnded()) {
      rollback();
      DriverAction.shielded(() -> driver.setAutoCommit(true));
      calls.refuseIfEnded("the commit that turning auto-commit on implies");
    } else {
      calls.commit(() -> {
        driver.setAutoCommit(true);
        return null;
      });
      worked = false;
    }
  }

  @Override
  public void close() throws SQLException {
    try {
      if (driver.isClosed()) return;
      if (calls.isBroken()) {
        tellThePool();
      } else {
        // Also where that context is not in sight any more: what is left of the transaction is
        // nothing that a pool could roll back, with some databases.
        if (worked && calls.wasCutShort() && !driver.getAutoCommit()) rollback();
        giveUpEndedWork();
        Context.shielded(() -> {
          calls.closing();
          return null;
        });
      }
    } finally {
      calls.stopFetchesOf(null);
      DriverAction.shielded(driver::close);
    }
  }

  /** Closing commits with some drivers, and so do some settings: not what a context has ended. */
  private void giveUpEndedWork() throws SQLException {
    if (worked && calls.isEnded() && !driver.getAutoCommit()) rollback();
  }

  /** A pool hears that a connection is dead by an exception that passes through it. */
  private void tellThePool() {
    try {
      boolean _ = driver.getAutoCommit();
    } catch (SQLException dead) {
      // that is it
    }
  }

  @Override
  public void abort(Executor executor) throws SQLException {
    calls.stopFetchesOf(null);
    driver.abort(executor);
  }

  @Override
  public boolean isValid(int timeout) throws SQLException {
    return Context.<Boolean, SQLException>shielded(() -> driver.isValid(timeout));
  }

  @Override
  public int getTransactionIsolation() throws SQLException {
    return Context.<Integer, SQLException>shielded(driver::getTransactionIsolation);
  }

  @Override
  public String getSchema() throws SQLException {
    return Context.<String, SQLException>shielded(driver::getSchema);
  }

  @Override
  public String getCatalog() throws SQLException {
    return Context.<String, SQLException>shielded(driver::getCatalog);
  }

  @Override
  public void setClientInfo(String name, String value) throws SQLClientInfoException {
    Context.<@Nullable Void, SQLClientInfoException>shielded(() -> {
      driver.setClientInfo(name, value);
      return null;
    });
  }

  @Override
  public void setClientInfo(Properties properties) throws SQLClientInfoException {
    Context.<@Nullable Void, SQLClientInfoException>shielded(() -> {
      driver.setClientInfo(properties);
      return null;
    });
  }

  @Override
  public Array createArrayOf(String typeName, Object[] elements) throws SQLException {
    return Context.<Array, SQLException>shielded(() -> driver.createArrayOf(typeName, elements));
  }

  @Override
  public void setReadOnly(boolean readOnly) throws SQLException {
    giveUpEndedWork();
    DriverAction.shielded(() -> driver.setReadOnly(readOnly));
  }

  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    giveUpEndedWork();
    DriverAction.shielded(() -> driver.setTransactionIsolation(level));
  }

  @Override
  public void setCatalog(String catalog) throws SQLException {
    DriverAction.shielded(() -> driver.setCatalog(catalog));
  }

  @Override
  public void setSchema(String schema) throws SQLException {
    DriverAction.shielded(() -> driver.setSchema(schema));
  }

  @Override
  public Savepoint setSavepoint() throws SQLException {
    work();
    return calls.call("the savepoint", null, driver::setSavepoint);
  }

  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    work();
    return calls.call("the savepoint", null, () -> driver.setSavepoint(name));
  }

  @Override
  public void releaseSavepoint(Savepoint savepoint) throws SQLException {
    DriverAction.shielded(() -> driver.releaseSavepoint(savepoint));
  }

  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    return ContextMetaData.over(this, driver.getMetaData());
  }

  @Override
  public Statement createStatement() throws SQLException {
    return wrap(driver::createStatement);
  }

  @Override
  public Statement createStatement(int type, int concurrency) throws SQLException {
    return wrap(() -> driver.createStatement(type, concurrency));
  }

  @Override
  public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
    return wrap(() -> driver.createStatement(type, concurrency, holdability));
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    return prepared(sql, () -> driver.prepareStatement(sql));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency)
      throws SQLException {
    return prepared(sql, () -> driver.prepareStatement(sql, type, concurrency));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    return prepared(sql, () -> driver.prepareStatement(sql, type, concurrency, holdability));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
    return prepared(sql, () -> driver.prepareStatement(sql, autoGeneratedKeys));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
    return prepared(sql, () -> driver.prepareStatement(sql, columnIndexes));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
    return prepared(sql, () -> driver.prepareStatement(sql, columnNames));
  }

  @Override
  public CallableStatement prepareCall(String sql) throws SQLException {
    return callable(sql, () -> driver.prepareCall(sql));
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
    return callable(sql, () -> driver.prepareCall(sql, type, concurrency));
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    return callable(sql, () -> driver.prepareCall(sql, type, concurrency, holdability));
  }

  private Statement wrap(ScopedValue.CallableOp<Statement, SQLException> creation)
      throws SQLException {
    calls.refuseIfEnded("the statement");
    return ContextStatement.over(this, creation.call());
  }

  private PreparedStatement prepared(
      String sql, ScopedValue.CallableOp<PreparedStatement, SQLException> preparation)
      throws SQLException {
    PreparedStatement statement = calls.call("preparing the statement", null, preparation);
    return ContextPreparedStatement.over(this, statement, sql);
  }

  private CallableStatement callable(
      String sql, ScopedValue.CallableOp<CallableStatement, SQLException> preparation)
      throws SQLException {
    CallableStatement statement = calls.call("preparing the call", null, preparation);
    return ContextCallableStatement.over(this, statement, sql);
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return Wrapped.unwrap(this, driver, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return Wrapped.isWrapperFor(this, driver, type);
  }

  @Override
  public String toString() {
    return driver.toString();
  }
}
