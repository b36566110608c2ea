package dev.lanyard.jdbc;

import static dev.lanyard.jdbc.EndedCalls.CANCELLED;
import static dev.lanyard.jdbc.EndedCalls.UNKNOWN;
import static dev.lanyard.jdbc.EndedCalls.isEndedBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import dev.lanyard.databases.Postgres;
import dev.lanyard.testing.Eventually;
import dev.lanyard.testing.ManualTime;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * PostgreSQL is frozen or killed in the middle: what the caller gets and when, and what becomes of
 * HikariCP. The server belongs to this class, so that nobody else suffers; its tests take turns.
 */
@Execution(ExecutionMode.SAME_THREAD)
class FaultTest {
  private static final Postgres SERVER = Postgres.ofItsOwn();
  private static final TimeSource TIME = TimeSource.system();
  private static final Duration GRACE = Duration.ofMillis(300);

  /** Longer than a test may take: who is free before it was not freed by it. */
  private static final Duration ENDLESS_GRACE = Duration.ofMinutes(10);

  private static final String ENDLESS = "select pg_sleep(600)";

  private final RootContext root = Context.root(TimeSource.system());
  private final CancellableContext context = root.withCancel();
  private final String application = "fault" + UUID.randomUUID().toString().substring(0, 8);
  private final HikariDataSource pool = Pools.of(2, SERVER.dataSource(application));
  private final ContextDataSource patient = over(ENDLESS_GRACE);
  private final ContextDataSource impatient = over(GRACE);

  @AfterEach
  void nothingStaysLinked() {
    pool.close();
    context.cancel();
    assertThat(root.listening()).isEmpty();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  @DisplayName(
      "Frozen backend, cancelled: the caller is free after the grace, the pool replaces it")
  void frozenBackend() throws SQLException {
    Call call = begin(impatient, context, FaultTest::sleep);
    SERVER.freeze(call.backend);
    try {
      long begin = TIME.nanoTime();
      context.cancel(new IllegalStateException("the client has left"));
      Throwable thrown = call.thrown();
      report("frozen backend, cancelled", begin, thrown);
      isEndedBy(context, CANCELLED, thrown);
      assertThat(since(begin)).isGreaterThanOrEqualTo(GRACE);
      Pools.isIntact(pool, 2);
      assertThat(SERVER.backends(application)).as("frozen, so still there").hasSize(3);
    } finally {
      SERVER.thaw(call.backend);
    }
    Eventually.holds("the frozen one has gone as well", () -> !isThere(call.backend));
    assertThat(SERVER.running(application)).isEmpty();
  }

  @Test
  @DisplayName("Frozen backend at the deadline: SQLTimeoutException, also where rows are fetched")
  void frozenWhileFetching() throws SQLException {
    ManualTime time = ManualTime.start();
    CancellableContext late = time.context().withTimeout(Duration.ofSeconds(1));
    Call call = begin(impatient, late, FaultTest::fetch);
    SERVER.freeze(call.backend);
    try {
      long begin = TIME.nanoTime();
      time.advance(Duration.ofSeconds(1));
      Throwable thrown = call.thrown();
      report("frozen backend, deadline in a fetch", begin, thrown);
      isEndedBy(late, CANCELLED, thrown);
      Pools.isIntact(pool, 2);
    } finally {
      SERVER.thaw(call.backend);
    }
    Eventually.holds("the frozen one has gone as well", () -> !isThere(call.backend));
  }

  @Test
  @DisplayName("Frozen server: statements end after the grace, waiting for a connection at once")
  void frozenServer() throws SQLException {
    Call call = begin(impatient, context, FaultTest::sleep);
    try (CancellableContext waiting = root.withCancel()) {
      try {
        SERVER.freeze();
        long begin = TIME.nanoTime();
        context.cancel();
        Throwable thrown = call.thrown();
        report("frozen server, cancelled", begin, thrown);
        isEndedBy(context, CANCELLED, thrown);
        assertThat(since(begin)).isGreaterThanOrEqualTo(GRACE);
        pool.getHikariPoolMXBean().softEvictConnections();
        CompletableFuture<Throwable> waiter = failureOf(() -> patient.getConnection(waiting));
        Eventually.holds(
            "one waits", () -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
        long left = TIME.nanoTime();
        waiting.cancel();
        Throwable refused = waiter.orTimeout(30, TimeUnit.SECONDS).join();
        report("frozen server, waiting for a connection", left, refused);
        isEndedBy(waiting, CANCELLED, refused);
      } finally {
        SERVER.thaw();
      }
    }
    Pools.recovers(pool, 2);
    Eventually.holds("the frozen one has gone as well", () -> !isThere(call.backend));
  }

  @Test
  @DisplayName(
      "Killed backend: the caller gets what the driver says, at once, and the pool recovers")
  void killedBackend() throws SQLException {
    Call call = begin(patient, context, FaultTest::sleep);
    long begin = TIME.nanoTime();
    SERVER.kill(call.backend);
    Throwable thrown = call.thrown();
    report("killed backend, context lives", begin, thrown);
    isOfTheDriver(thrown);
    Pools.recovers(pool, 2);
  }

  @Test
  @DisplayName(
      "Killed backend after the context ended: what ended it counts, the rest is suppressed")
  void killedWhileEnding() throws SQLException {
    Call call = begin(patient, context, FaultTest::sleep);
    SERVER.freeze(call.backend);
    context.cancel();
    long begin = TIME.nanoTime();
    SERVER.kill(call.backend);
    Throwable thrown = call.thrown();
    report("cancelled, then killed", begin, thrown);
    SQLException failure = isEndedBy(context, CANCELLED, thrown);
    assertThat(failure.getSuppressed()).singleElement().satisfies(FaultTest::isOfTheDriver);
    Pools.recovers(pool, 2);
  }

  @Test
  @DisplayName("Killed backend in a commit that was cancelled: 08007, nobody knows")
  void killedInCommit() throws SQLException {
    Call call = begin(patient, context, this::commit);
    SERVER.freeze(call.backend);
    context.cancel();
    long begin = TIME.nanoTime();
    SERVER.kill(call.backend);
    Throwable thrown = call.thrown();
    report("commit cancelled, then killed", begin, thrown);
    isEndedBy(context, UNKNOWN, thrown);
    Pools.recovers(pool, 2);
  }

  @Test
  @DisplayName("Killed server: the driver's word at once; waiting for one ends with its context")
  void killedServer() throws SQLException, IOException {
    Call call = begin(patient, context, FaultTest::sleep);
    try (CancellableContext waiting = root.withCancel()) {
      long begin = TIME.nanoTime();
      SERVER.kill();
      try {
        Throwable thrown = call.thrown();
        report("killed server, context lives", begin, thrown);
        isOfTheDriver(thrown);
        pool.getHikariPoolMXBean().softEvictConnections();
        CompletableFuture<Throwable> waiter = failureOf(() -> patient.getConnection(waiting));
        Eventually.holds(
            "one waits", () -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
        waiting.cancel();
        isEndedBy(waiting, CANCELLED, waiter.orTimeout(30, TimeUnit.SECONDS).join());
      } finally {
        SERVER.restart();
      }
    }
    Pools.recovers(pool, 2);
  }

  /** A connection that does something which nothing but a fault or a context will end. */
  private record Call(int backend, CompletableFuture<Throwable> failure) {
    Throwable thrown() {
      return failure.orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  private Call begin(ContextDataSource database, Context governing, Work work) {
    var backend = new CompletableFuture<Integer>();
    CompletableFuture<Throwable> failure =
        failureOf(() -> {
          try (Connection connection = database.getConnection(governing)) {
            backend.complete(Postgres.backend(connection));
            work.on(connection);
          }
        });
    int pid = backend.orTimeout(30, TimeUnit.SECONDS).join();
    Eventually.holds("the server is at it", this::isRunning);
    return new Call(pid, failure);
  }

  private static void sleep(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(ENDLESS);
    }
  }

  private static void fetch(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(1);
      try (ResultSet rows =
          statement.executeQuery("select 1 union all (select 2 from pg_sleep(600))")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.next()).as("a row that takes ten minutes").isFalse();
      }
    }
  }

  /** What is deferred to the end of the transaction takes ten minutes. */
  private void commit(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          create table %1$s (id int);
          create function %1$s_wait() returns trigger language plpgsql as
            $$ begin perform pg_sleep(600); return null; end $$;
          create constraint trigger %1$s_slow after insert on %1$s
            deferrable initially deferred for each row execute function %1$s_wait()
          """
              .formatted(application));
      connection.setAutoCommit(false);
      statement.executeUpdate("insert into " + application + " values (1)");
      connection.commit();
    }
  }

  private ContextDataSource over(Duration grace) {
    return ContextDataSource.wrap(pool).with(JdbcSettings.defaults().withGrace(grace));
  }

  private static CompletableFuture<Throwable> failureOf(Action action) {
    var failure = new CompletableFuture<Throwable>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            action.run();
            failure.completeExceptionally(new AssertionError("it succeeded"));
          } catch (Throwable thrown) {
            failure.complete(thrown);
          }
        });
    return failure;
  }

  private boolean isRunning() {
    try {
      return SERVER.running(application).stream()
          .anyMatch(sql -> sql.contains("pg_sleep(600)") || sql.equalsIgnoreCase("commit"));
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  private boolean isThere(int backend) {
    try {
      return SERVER.backends(application).contains(Integer.toString(backend));
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  /** The connection was lost, or the server said that it is about to be. */
  private static void isOfTheDriver(Throwable thrown) {
    assertThat(thrown).isInstanceOf(org.postgresql.util.PSQLException.class);
    String state = Objects.requireNonNull(((SQLException) thrown).getSQLState());
    assertThat(state).matches("08.*|57P0.");
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(TIME.nanoTime() - begin);
  }

  private static void report(String what, long begin, Throwable thrown) {
    System.out.printf(
        "%s: %s %s after %d ms%n",
        what,
        thrown.getClass().getSimpleName(),
        ((SQLException) thrown).getSQLState(),
        since(begin).toMillis());
  }

  private interface Action {
    void run() throws SQLException;
  }

  private interface Work {
    void on(Connection connection) throws SQLException;
  }
}
