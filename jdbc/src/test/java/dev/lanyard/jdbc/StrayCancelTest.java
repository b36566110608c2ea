package dev.lanyard.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Statements that are cancelled at random moments around their end. {@code -Dlanyard.races=100000}
 * for the long form.
 */
@Isolated
class StrayCancelTest {
  private static final int RACES = Integer.getInteger("lanyard.races", 2_000);

  /** How long a statement takes: long enough for a cancel to travel meanwhile. */
  private static final long STATEMENT_NANOS = TimeUnit.MICROSECONDS.toNanos(1_000);

  @ParameterizedTest
  @EnumSource(Database.class)
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  @DisplayName(
      "Q13: a cancel never hits the next statement, loses no connection, leaves nothing open")
  void neverTheNext(Database database) throws SQLException {
    RootContext root = Context.root(TimeSource.system());
    int cancelled = 0;
    try (HikariDataSource pool = pool(database)) {
      ContextDataSource wrapped =
          ContextDataSource.wrap(pool)
              .with(JdbcSettings.defaults().withGrace(Duration.ofSeconds(30)));
      try (Connection connection = wrapped.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("create table written (id int)");
      }
      for (int race = 0; race < RACES; race++) {
        try (CancellableContext context = root.withCancel();
            Connection connection = wrapped.getConnection();
            Statement statement = connection.createStatement()) {
          cancelAtSomeMoment(context);
          if (!context.<Boolean, SQLException>call(
              () -> completes(database, connection, context))) {
            cancelled++;
          }
          if (!connection.getAutoCommit()) {
            connection.rollback();
            connection.setAutoCommit(true);
          }
          try (ResultSet next = statement.executeQuery("select 42")) {
            assertThat(next.next()).isTrue();
            assertThat(next.getInt(1)).isEqualTo(42);
          }
        }
      }
      try (Connection connection = wrapped.getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("select count(*) from written")) {
        rows.next();
        assertThat(rows.getInt(1)).as("rows of transactions that were rolled back").isZero();
      }
      assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isOne();
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }
    System.out.println(database + ": " + cancelled + " of " + RACES + " statements were cancelled");
    assertThat(cancelled).as("statements that were cancelled").isBetween(1, RACES - 1);
    assertThat(root.listening()).isEmpty();
  }

  private static boolean completes(Database database, Connection connection, Context context)
      throws SQLException {
    try {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("insert into written values (1)");
        statement.executeQuery(database.lasting(Duration.ofNanos(STATEMENT_NANOS))).close();
      }
      return true;
    } catch (SQLException ended) {
      assertThat(context.isDone()).isTrue();
      assertThat(ended.getCause()).isInstanceOf(ContextException.class);
      assertThat(ended.getSQLState()).isEqualTo(EndedCalls.CANCELLED);
      assertThat(connection.isClosed())
          .as(() -> "closed by " + Arrays.toString(ended.getSuppressed()) + ended)
          .isFalse();
      return false;
    }
  }

  private static void cancelAtSomeMoment(CancellableContext context) {
    long moment = ThreadLocalRandom.current().nextLong(2 * STATEMENT_NANOS);
    Thread.ofVirtual()
        .start(() -> {
          LockSupport.parkNanos(moment);
          context.cancel();
        });
  }

  private static HikariDataSource pool(Database database) throws SQLException {
    var config = new HikariConfig();
    config.setDataSource(database.empty());
    config.setMaximumPoolSize(1);
    return new HikariDataSource(config);
  }
}
