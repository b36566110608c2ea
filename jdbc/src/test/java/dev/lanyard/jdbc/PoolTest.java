package dev.lanyard.jdbc;

import static dev.lanyard.jdbc.EndedCalls.CANCELLED;
import static dev.lanyard.jdbc.EndedCalls.isEndedBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import dev.lanyard.databases.Postgres;
import dev.lanyard.testing.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Above and below HikariCP: nothing of a pool is lost, and it never hands on what was ended. */
class PoolTest {
  private static final int RACES = 500;

  private final RootContext root = Context.root(TimeSource.system());
  private final String application = "pool" + UUID.randomUUID().toString().substring(0, 8);
  private final List<HikariDataSource> pools = new ArrayList<>();

  @AfterEach
  void nothingStaysLinked() {
    pools.forEach(HikariDataSource::close);
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("Q2: waiting for a connection ends with the context, and nobody is left waiting")
  void waitingEnds() throws SQLException {
    HikariDataSource pool = pool(1, plain());
    ContextDataSource wrapped = ContextDataSource.wrap(pool).with(Patient.SETTINGS);
    try (Connection only = wrapped.getConnection()) {
      assertThat(only.isValid(1)).isTrue();
      CancellableContext cancelled = root.withCancel();
      CompletableFuture<Throwable> waiter = waiter(wrapped, cancelled);
      Eventually.holds("one waits", () -> awaiting(pool) == 1);
      cancelled.cancel(new IllegalStateException("the client has left"));
      isEndedBy(cancelled, CANCELLED, waiter.orTimeout(10, TimeUnit.SECONDS).join());
      CancellableContext late = root.withTimeout(Duration.ofMillis(30));
      isEndedBy(late, () -> wrapped.getConnection(late));
      late.run(() -> isEndedBy(late, wrapped::getConnection));
      assertThat(Thread.interrupted()).isFalse();
      Eventually.holds("nobody waits", () -> awaiting(pool) == 0);
    }
    Pools.isIntact(pool, 1);
  }

  @Test
  @DisplayName("Q2: of waiters that are cancelled while connections come back, no slot is lost")
  void deliveredAtTheSameMoment() throws Exception {
    HikariDataSource pool = pool(2, plain());
    ContextDataSource wrapped = ContextDataSource.wrap(pool).with(Patient.SETTINGS);
    for (int race = 0; race < RACES; race++) {
      CancellableContext context = root.withCancel();
      Connection first = pool.getConnection();
      Connection second = pool.getConnection();
      var waiting = new CountDownLatch(1);
      Thread waiter =
          Thread.ofVirtual()
              .start(() -> {
                waiting.countDown();
                try (Connection got = wrapped.getConnection(context)) {
                  assertThat(got.isClosed()).isFalse();
                } catch (SQLException ended) {
                  assertThat(ended.getSQLState()).isEqualTo(CANCELLED);
                }
              });
      waiting.await();
      long pause = ThreadLocalRandom.current().nextLong(200_000);
      Thread canceller =
          Thread.ofPlatform()
              .start(() -> {
                LockSupport.parkNanos(pause);
                context.cancel();
              });
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(200_000));
      first.close();
      second.close();
      waiter.join();
      canceller.join();
    }
    Pools.isIntact(pool, 2);
  }

  @Test
  @DisplayName(
      "Q7: what an ended context leaves open is rolled back, and the pool keeps its connections")
  void poolKeepsItsConnections() throws SQLException {
    HikariDataSource pool = pool(1, plain());
    ContextDataSource wrapped = ContextDataSource.wrap(pool).with(Patient.SETTINGS);
    int backend;
    try (Connection connection = wrapped.getConnection()) {
      backend = Postgres.backend(connection);
    }
    for (int time = 0; time < 20; time++) {
      CancellableContext context = root.withCancel();
      try (Connection connection = wrapped.getConnection(context)) {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
          statement.execute("create table if not exists pg_temp.opened (id int)");
          Soon.run(context::cancel);
          isEndedBy(context, () -> statement.execute("select pg_sleep(60)"));
        }
      }
      assertThat(Postgres.shared().idleInTransaction(application)).isEmpty();
      assertThat(Postgres.shared().running(application)).isEmpty();
    }
    try (Connection connection = wrapped.getConnection()) {
      assertThat(Postgres.backend(connection)).as("the same connection").isEqualTo(backend);
      assertThat(connection.getAutoCommit()).isTrue();
    }
    Pools.isIntact(pool, 1);
  }

  @Test
  @DisplayName("Below a pool, statements obey the current context of whoever uses the connection")
  void belowAPool() throws SQLException {
    HikariDataSource pool = pool(2, ContextDataSource.wrap(plain()).with(Patient.SETTINGS));
    CancellableContext context = root.withCancel();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      Soon.run(context::cancel);
      context.run(() -> isEndedBy(context, () -> statement.execute("select pg_sleep(60)")));
      assertThat(statement.executeQuery("select 42").next()).isTrue();
    }
    Pools.isIntact(pool, 2);
  }

  @Test
  @DisplayName("Below a pool, a context that ends while the pool opens a connection spoils none")
  void belowAPoolWhileOpening() throws SQLException {
    HikariDataSource pool = pool(2, ContextDataSource.wrap(plain()).with(Patient.SETTINGS));
    CancellableContext context = root.withCancel();
    context.cancel();
    context.run(() -> {
      try (Connection connection = pool.getConnection()) {
        isEndedBy(context, () -> connection.createStatement());
      } catch (SQLException unexpected) {
        throw new AssertionError(unexpected);
      }
    });
    Pools.isIntact(pool, 2);
  }

  @Test
  @DisplayName("A connection that was aborted leaves the pool, and the next one is a new one")
  void abortedLeavesThePool() throws SQLException {
    HikariDataSource pool = pool(1, plain());
    ContextDataSource wrapped =
        ContextDataSource.wrap(pool)
            .with(JdbcSettings.defaults().withGrace(Duration.ofMillis(100)));
    int frozen;
    try (Connection connection = wrapped.getConnection()) {
      frozen = Postgres.backend(connection);
    }
    CancellableContext context = root.withCancel();
    try (Connection connection = wrapped.getConnection(context);
        Statement statement = connection.createStatement()) {
      Postgres.shared().freeze(frozen);
      Soon.run(context::cancel);
      isEndedBy(context, () -> statement.execute("select pg_sleep(60)"));
    } finally {
      Postgres.shared().thaw(frozen);
    }
    try (Connection connection = wrapped.getConnection()) {
      assertThat(Postgres.backend(connection)).isNotEqualTo(frozen);
    }
    Pools.isIntact(pool, 1);
  }

  private DataSource plain() {
    return Postgres.shared().dataSource(application);
  }

  private HikariDataSource pool(int size, DataSource below) {
    HikariDataSource pool = Pools.of(size, below);
    pools.add(pool);
    return pool;
  }

  private static int awaiting(HikariDataSource pool) {
    return pool.getHikariPoolMXBean().getThreadsAwaitingConnection();
  }

  private static CompletableFuture<Throwable> waiter(
      ContextDataSource wrapped, CancellableContext context) {
    var outcome = new CompletableFuture<Throwable>();
    Thread.ofVirtual()
        .start(() -> {
          try (Connection unexpected = wrapped.getConnection(context)) {
            outcome.completeExceptionally(new AssertionError("got " + unexpected));
          } catch (SQLException ended) {
            outcome.complete(ended);
          }
        });
    return outcome;
  }
}
