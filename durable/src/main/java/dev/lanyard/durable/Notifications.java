package dev.lanyard.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to PostgreSQL's notifications, on a connection and a thread of its own. They hurry what
 * is found anyhow: one that is lost, with its connection or before there was one, costs a pause
 * between two looks. Both are looked for once after each connecting.
 */
final class Notifications implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
  private static final int WAIT_MILLIS = 500;
  private static final Duration BEFORE_RECONNECT = Duration.ofMillis(250);
  private static final int CHECK_AFTER_WAITS = 10;

  private final Connections connections;
  private final Runnable signal;
  private final Runnable ready;
  private volatile boolean stopped;

  Notifications(Connections connections, Runnable signal, Runnable ready) {
    this.connections = connections;
    this.signal = signal;
    this.ready = ready;
  }

  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    boolean complained = false;
    while (!stopped) {
      try (Connection connection = connections.openListener()) {
        begin(connection);
        complained = false;
        listen(connection);
      } catch (SQLException broken) {
        if (stopped) return;
        if (!complained) {
          LOG.warn("The connection for notifications is broken and will be made again", broken);
        }
        complained = true;
        Feed.sleep(BEFORE_RECONNECT);
      }
    }
  }

  private void begin(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("listen " + Tx.SIGNAL_CHANNEL);
      statement.execute("listen " + Tx.READY_CHANNEL);
    }
    signal.run();
    ready.run();
  }

  private void listen(Connection connection) throws SQLException {
    PGConnection server = connection.unwrap(PGConnection.class);
    for (int waits = 0; !stopped; waits++) {
      if (waits == CHECK_AFTER_WAITS) {
        waits = 0;
        if (!connection.isValid(2)) throw new SQLException("the server does not answer", "08006");
      }
      tell(server.getNotifications(WAIT_MILLIS));
    }
    try (var statement = connection.createStatement()) {
      statement.execute("unlisten *");
    }
  }

  private void tell(PGNotification @Nullable [] notifications) {
    if (notifications == null) return;
    boolean signals = false;
    boolean tasks = false;
    for (PGNotification each : notifications) {
      signals |= each.getName().equals(Tx.SIGNAL_CHANNEL);
      tasks |= each.getName().equals(Tx.READY_CHANNEL);
    }
    if (signals) signal.run();
    if (tasks) ready.run();
  }
}
