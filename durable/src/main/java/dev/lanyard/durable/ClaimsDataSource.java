package dev.lanyard.durable;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What db-scheduler gets its connections from: inside a transaction of ours that very one, so that
 * its row and ours change together; otherwise one of its own.
 */
final class ClaimsDataSource implements DataSource {
  interface Source {
    Connection open() throws SQLException;
  }

  private final Source own;

  ClaimsDataSource(Source own) {
    this.own = own;
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (Tx.CURRENT.isBound()) return Borrowed.of(Tx.CURRENT.get().session, () -> {});
    return own.open();
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("nothing is wrapped here");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
