package dev.lanyard.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Statements that are cancelled at random moments around their end. The profile {@code proofs} runs
 * the long form, 100,000, on PostgreSQL.
 */
@Isolated
class StrayCancelTest {
  private static final int SHORT = 2_000;

  /** How long a statement takes: long enough for a cancel to travel meanwhile. */
  private static final long STATEMENT_NANOS = TimeUnit.MICROSECONDS.toNanos(1_000);

  /** What follows the statement that may have been cancelled; the races take turns. */
  private enum Next {
    /** The next statement, at once, without any transaction. */
    STATEMENT,
    /** A transaction is rolled back by the program; then the next statement. */
    ROLLBACK,
    /** The connection goes back to its pool, with a transaction open. */
    CLOSE
  }

  /** Figures of one run. */
  private static final class Tally {
    int cancelled;
    int stray;
    int leftOpen;
    final Set<Object> connections = Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private final RootContext root = Context.root(TimeSource.system());

  @ParameterizedTest
  @EnumSource(Database.class)
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  @DisplayName(
      "Q13: a cancel never hits the next statement, loses no connection, leaves nothing open")
  void neverTheNext(Database database) throws SQLException {
    int races =
        database == Database.POSTGRESQL ? Integer.getInteger("lanyard.races", SHORT) : SHORT;
    DataSource plain = database.empty();
    var tally = new Tally();
    try (HikariDataSource pool = Pools.of(1, plain)) {
      ContextDataSource wrapped = ContextDataSource.wrap(pool).with(Patient.SETTINGS);
      Class<? extends Connection> driver = createTable(plain);
      for (int race = 0; race < races; race++) {
        race(database, wrapped, Next.values()[race % Next.values().length], driver, tally);
      }
      assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isOne();
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }
    System.out.printf(
        "%s: %,d statements raced, %,d cancelled, %d stray cancels, %d connections lost, %d"
            + " transactions left open%n",
        database,
        races,
        tally.cancelled,
        tally.stray,
        tally.connections.size() - 1,
        tally.leftOpen);
    assertThat(tally.cancelled).as("statements that were cancelled").isBetween(1, races - 1);
    assertThat(tally.stray).as("next statements that a cancel has hit").isZero();
    assertThat(tally.connections).as("connections used").hasSize(1);
    assertThat(tally.leftOpen).as("transactions left open").isZero();
    assertThat(written(plain)).as("rows of transactions that were rolled back").isZero();
    assertThat(root.listening()).isEmpty();
  }

  private void race(
      Database database,
      ContextDataSource wrapped,
      Next next,
      Class<? extends Connection> driver,
      Tally tally)
      throws SQLException {
    try (CancellableContext context = root.withCancel();
        Connection connection = wrapped.getConnection()) {
      tally.connections.add(connection.unwrap(driver));
      if (isInTransaction(connection)) tally.leftOpen++;
      cancelAtSomeMoment(context);
      if (!context.<Boolean, SQLException>call(
          () -> completes(database, connection, next, context))) {
        tally.cancelled++;
      }
      if (next == Next.CLOSE) return;
      if (next == Next.ROLLBACK) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      if (isHit(connection)) tally.stray++;
    }
  }

  private static boolean isHit(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select 42")) {
      return !row.next() || row.getInt(1) != 42;
    } catch (SQLException hit) {
      hit.printStackTrace();
      return true;
    }
  }

  /** As the server said with its last answer. Elsewhere the rows tell, at the end. */
  private static boolean isInTransaction(Connection connection) throws SQLException {
    return connection.isWrapperFor(BaseConnection.class)
        && connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE;
  }

  private static boolean completes(
      Database database, Connection connection, Next next, Context context) throws SQLException {
    try {
      if (next != Next.STATEMENT) connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        if (next != Next.STATEMENT) statement.executeUpdate("insert into written values (1)");
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

  /** Returns the class of the driver's connections. */
  private static Class<? extends Connection> createTable(DataSource plain) throws SQLException {
    try (Connection connection = plain.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table written (id int)");
      return connection.getClass();
    }
  }

  private static int written(DataSource plain) throws SQLException {
    try (Connection connection = plain.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from written")) {
      row.next();
      return row.getInt(1);
    }
  }
}
