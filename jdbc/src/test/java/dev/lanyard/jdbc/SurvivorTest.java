package dev.lanyard.jdbc;

import static dev.lanyard.jdbc.EndedCalls.CANCELLED;
import static dev.lanyard.jdbc.EndedCalls.isEndedBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * SQLite takes no notice of an abort: its connection goes on, with nothing of the end left in it.
 */
class SurvivorTest {
  private static final JdbcSettings IMPATIENT =
      JdbcSettings.defaults().withGrace(Duration.ofMillis(20));

  private final RootContext root = Context.root(TimeSource.system());
  private final CancellableContext context = root.withCancel();
  private final DataSource plain;
  private final Spy spy;
  private final Connection connection;
  private final Statement statement;

  SurvivorTest() throws SQLException {
    plain = Database.SQLITE.empty();
    spy = Spy.on(plain);
    connection = ContextDataSource.wrap(spy.dataSource()).with(IMPATIENT).getConnection();
    statement = connection.createStatement();
  }

  @BeforeEach
  void fill() throws SQLException {
    statement.execute("create table kept (id integer primary key, x int)");
    statement.execute("insert into kept values (1, 0)");
    statement.execute("pragma busy_timeout = 50000");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("A statement that waits for a lock is left when it ends, and no cancel comes later")
  void statement() throws SQLException {
    abortInVain();
    for (int i = 2; i < 200; i++) {
      assertThat(statement.executeUpdate("insert into kept values (" + i + ", 0)")).isOne();
    }
    try (Connection other = plain.getConnection();
        Statement count = other.createStatement();
        ResultSet row = count.executeQuery("select count(*) from kept")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getInt(1)).isEqualTo(199);
    }
  }

  @Test
  @DisplayName(
      "A later commit that fails when its context ends was ended: it is known what became of it")
  void commit() throws SQLException {
    abortInVain();
    CancellableContext later = root.withCancel();
    connection.setAutoCommit(false);
    statement.executeUpdate("insert into kept values (2, 0)");
    spy.before(
        "commit",
        () -> {
          later.cancel();
          throw new SQLException("the disk is full", "53100");
        });
    later.run(() -> isEndedBy(later, CANCELLED, connection::commit));
    connection.rollback();
  }

  /** It is given up after the grace; SQLite goes on waiting until the lock is free. */
  private void abortInVain() throws SQLException {
    try (Connection holder = plain.getConnection();
        Statement held = holder.createStatement()) {
      holder.setAutoCommit(false);
      held.executeUpdate("update kept set x = 1");
      spy.before("executeUpdate", context::cancel).after("abort", holder::rollback);
      context.run(() -> {
        try {
          statement.executeUpdate("update kept set x = 2");
        } catch (SQLException cancelledAtLast) {
          isEndedBy(context, CANCELLED, cancelledAtLast);
        }
      });
    }
    assertThat(spy.calls()).contains("abort");
    assertThat(connection.isClosed()).isFalse();
  }
}
