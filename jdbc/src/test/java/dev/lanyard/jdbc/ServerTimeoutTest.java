package dev.lanyard.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.databases.Postgres;
import dev.lanyard.testing.Eventually;
import dev.lanyard.testing.ManualTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PgConnection;

/**
 * PostgreSQL's own timeout as a net below ours. The clock of the contexts stands still, so that
 * only the server can end a statement, and what it was told is known to the millisecond.
 */
class ServerTimeoutTest {
  private static final Duration SLACK = Duration.ofMillis(250);

  private final ManualTime time = ManualTime.start();
  private final Postgres server = Postgres.shared();
  private final String application = "net" + UUID.randomUUID().toString().substring(0, 8);
  private final PGSimpleDataSource plain = server.dataSource(application);
  private final CancellableContext context = time.context().withTimeout(Duration.ofSeconds(10));
  private final ContextDataSource wrapped = over(SLACK);

  @AfterEach
  void nothingStaysLinked() {
    context.cancel();
  }

  @Test
  @DisplayName("Without a transaction the session is told, and gets back what it had before")
  void session() throws SQLException {
    plain.setOptions("-c statement_timeout=7min");
    try (HikariDataSource pool = Pools.of(1, plain)) {
      ContextDataSource overPool = ContextDataSource.wrap(pool).with(settings(SLACK));
      try (Connection connection = overPool.getConnection(context)) {
        assertThat(told(connection)).isEqualTo("10250ms");
        time.advance(Duration.ofSeconds(4));
        assertThat(told(connection)).isEqualTo("6250ms");
      }
      try (Connection connection = pool.getConnection()) {
        assertThat(told(connection)).isEqualTo("7min");
      }
    }
  }

  @Test
  @DisplayName("Inside a transaction only that is told; with it ends what it was told")
  void transaction() throws SQLException {
    try (Connection connection = wrapped.getConnection()) {
      connection.setAutoCommit(false);
      context.run(() -> isTold(connection, "10250ms"));
      connection.commit();
      isTold(connection, "0");
      connection.rollback();
      context.run(() -> isTold(connection, "10250ms"));
      // The same transaction, and a caller who has no deadline.
      isTold(connection, "0");
      connection.rollback();
    }
  }

  @Test
  @DisplayName(
      "A rollback to a savepoint takes back what the server was told, and it is told again")
  void savepoint() throws SQLException {
    try (Connection connection = wrapped.getConnection(context)) {
      connection.setAutoCommit(false);
      Savepoint savepoint = connection.setSavepoint();
      isTold(connection, "10250ms");
      connection.rollback(savepoint);
      isTold(connection, "10250ms");
      connection.rollback();
    }
  }

  @Test
  @DisplayName("The server is told again only when what it knows is wrong by more than the slack")
  void notEachTime() throws SQLException {
    Spy spy = Spy.on(plain);
    ContextDataSource spied = ContextDataSource.wrap(spy.dataSource()).with(settings(SLACK));
    try (Connection connection = spied.getConnection(context)) {
      isTold(connection, "10250ms");
      spy.forget();
      time.advance(Duration.ofMillis(200));
      isTold(connection, "10250ms");
      assertThat(spy.calls()).doesNotContain("execute");
      time.advance(Duration.ofMillis(100));
      isTold(connection, "9950ms");
      assertThat(spy.calls()).contains("execute");
    }
  }

  @Test
  @DisplayName("Where nobody cancels, the server ends the statement, and the connection survives")
  void theServerEndsIt() throws SQLException {
    CancellableContext brief = time.context().withTimeout(Duration.ofMillis(100));
    try (Connection connection = over(Duration.ZERO).getConnection(brief);
        Statement statement = connection.createStatement()) {
      SQLException failure =
          catchThrowableOfType(SQLException.class, () -> statement.execute("select pg_sleep(600)"));
      assertThat(failure.getSQLState()).isEqualTo(EndedCalls.CANCELLED);
      assertThat(failure.getMessage()).contains("statement timeout");
      assertThat(failure.getCause()).as("no context has ended").isNull();
      isTold(connection, "100ms");
    }
  }

  @Test
  @DisplayName("A program that was cut off leaves no statement behind")
  void programCutOff() throws Exception {
    CancellableContext brief = time.context().withTimeout(Duration.ofSeconds(1));
    var driver = new CompletableFuture<Connection>();
    ContextDataSource over = over(SLACK);
    var ended = new CompletableFuture<SQLException>();
    Thread.ofVirtual()
        .start(() -> {
          try (Connection connection = over.getConnection(brief);
              Statement statement = connection.createStatement()) {
            driver.complete(connection.unwrap(PgConnection.class));
            statement.execute("select pg_sleep(600)");
          } catch (SQLException cutOff) {
            ended.complete(cutOff);
          }
        });
    Eventually.holds("the statement runs", this::isRunning);
    driver.join().abort(Runnable::run); // below the wrapper: nobody sends a cancel
    assertThat(ended.orTimeout(30, TimeUnit.SECONDS).join().getSQLState()).startsWith("08");
    Eventually.holds("the server has ended it", () -> !isRunning());
  }

  @Test
  @DisplayName("In a transaction that has failed the failure stays the one that the server tells")
  void failedTransaction() throws SQLException {
    try (Connection connection = wrapped.getConnection(context);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      failsWith("42P01", () -> statement.execute("select * from nowhere"));
      time.advance(Duration.ofSeconds(1)); // what the server was told is stale
      failsWith("25P02", () -> statement.execute("select 1"));
      connection.rollback();
      isTold(connection, "9250ms");
      connection.rollback();
    }
  }

  @Test
  @DisplayName("Other databases take no notice")
  void others() throws SQLException {
    ContextDataSource h2 = ContextDataSource.wrap(Database.H2_MEMORY.empty()).with(settings(SLACK));
    try (Connection connection = h2.getConnection(context);
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeQuery("select 42").next()).isTrue();
    }
  }

  private ContextDataSource over(Duration slack) {
    return ContextDataSource.wrap(plain).with(settings(slack));
  }

  private static JdbcSettings settings(Duration slack) {
    return JdbcSettings.defaults().withServerTimeout(slack);
  }

  private boolean isRunning() {
    try {
      return server.running(application).contains("select pg_sleep(600)");
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  private static void isTold(Connection connection, String expected) {
    try {
      assertThat(told(connection)).isEqualTo(expected);
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  private static String told(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("show statement_timeout")) {
      row.next();
      return row.getString(1);
    }
  }

  private static void failsWith(String state, Action action) {
    SQLException failure = catchThrowableOfType(SQLException.class, action::run);
    assertThat(failure.getSQLState()).isEqualTo(state);
  }

  private interface Action {
    void run() throws SQLException;
  }
}
