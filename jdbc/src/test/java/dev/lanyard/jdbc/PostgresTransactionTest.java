package dev.lanyard.jdbc;

import static dev.lanyard.jdbc.EndedCalls.UNKNOWN;
import static dev.lanyard.jdbc.EndedCalls.isEndedBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import dev.lanyard.databases.Postgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Where a transaction of PostgreSQL begins and ends, and what a cancel can hit there. */
class PostgresTransactionTest {
  private final RootContext root = Context.root(TimeSource.system());
  private final CancellableContext context = root.withCancel();
  private final Postgres server = Postgres.shared();
  private final String application = "tx" + UUID.randomUUID().toString().substring(0, 8);
  private final String table = application + "_written";
  private final Spy spy = Spy.on(server.dataSource(application));
  private final ContextDataSource wrapped =
      ContextDataSource.wrap(spy.dataSource()).with(Patient.SETTINGS);

  PostgresTransactionTest() throws SQLException {
    try (Connection connection = server.dataSource("setup").getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table " + table + " (id int)");
    }
  }

  @AfterEach
  void nothingStaysLinked() {
    context.cancel();
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("The server has begun the transaction before its first statement can be cancelled")
  void begunBeforeTheFirstStatement() throws SQLException {
    try (Connection connection = wrapped.getConnection(context)) {
      connection.setAutoCommit(false);
      beginsBefore("executeUpdate", () -> insert(connection));
      connection.commit();
      beginsBefore("executeUpdate", () -> insert(connection));
      connection.rollback();
      try (PreparedStatement prepared = connection.prepareStatement("select 1")) {
        beginsBefore("executeQuery", () -> prepared.executeQuery().close());
        connection.rollback();
        prepared.addBatch();
        beginsBefore("executeBatch", prepared::executeBatch);
      }
      connection.rollback();
      beginsBefore(
          "getTables", () -> connection.getMetaData().getTables(null, null, "x", null).close());
    }
  }

  @Test
  @DisplayName("So it has when the connection was used without a transaction before")
  void begunAfterAutoCommit() throws SQLException {
    try (Connection connection = wrapped.getConnection(context)) {
      insert(connection);
      connection.setAutoCommit(false);
      beginsBefore("executeUpdate", () -> insert(connection));
      connection.setAutoCommit(true);
      insert(connection);
      connection.setAutoCommit(false);
      beginsBefore("executeUpdate", () -> insert(connection));
      connection.rollback();
    }
  }

  @Test
  @DisplayName("Without a context that can end, no statement is added")
  void nothingIsAdded() throws SQLException {
    try (Connection connection = wrapped.getConnection()) {
      connection.setAutoCommit(false);
      spy.forget();
      insert(connection);
      assertThat(spy.calls()).containsExactly("createStatement", "executeUpdate", "close");
      connection.rollback();
    }
  }

  @Test
  @DisplayName("A commit that waits ends with the context, and nothing is committed")
  void commitEnds() throws SQLException {
    delayCommits();
    try (Connection connection = wrapped.getConnection(context)) {
      connection.setAutoCommit(false);
      insert(connection);
      spy.before("commit", () -> Soon.run(context::cancel));
      SQLException failure = isEndedBy(context, connection::commit);
      assertThat(failure.getMessage()).isEqualTo("the commit was ended: context canceled");
      connection.rollback();
      assertThat(connection.isValid(5)).isTrue();
    }
    assertThat(written()).isZero();
  }

  @Test
  @DisplayName("A commit whose connection was aborted has SQLState 08007: nobody knows")
  void commitIsAborted() throws SQLException {
    ContextDataSource impatient =
        wrapped.with(JdbcSettings.defaults().withGrace(Duration.ofMillis(100)));
    int backend = 0;
    try (Connection connection = impatient.getConnection(context)) {
      backend = Postgres.backend(connection);
      connection.setAutoCommit(false);
      insert(connection);
      server.freeze(backend);
      spy.before("commit", () -> Soon.run(context::cancel));
      isEndedBy(context, UNKNOWN, connection::commit);
      connection.rollback();
      connection.setAutoCommit(true);
    } finally {
      server.thaw(backend);
    }
  }

  @Test
  @DisplayName("Rollback outside of a transaction, after a statement was ended, opens none")
  void rollbackWithoutTransaction() throws SQLException {
    try (Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      spy.before("executeQuery", () -> Soon.run(context::cancel));
      context.run(() -> isEndedBy(context, () -> statement.executeQuery("select pg_sleep(60)")));
      assertThat(failureOf(connection::rollback).getMessage()).contains("autoCommit");
      insert(connection);
      assertThat(server.idleInTransaction(application)).isEmpty();
      assertThat(written()).as("another connection sees what was written").isOne();
    }
    assertThat(written()).isOne();
  }

  @Test
  @DisplayName("A deferred check that fails in commit is told as it is, and not as an end")
  void commitFails() throws SQLException {
    try (Connection connection = wrapped.getConnection(context);
        Statement statement = connection.createStatement()) {
      statement.execute("create temp table once (id int unique deferrable initially deferred)");
      connection.setAutoCommit(false);
      statement.executeUpdate("insert into once values (1), (1)");
      assertThat(failureOf(connection::commit).getSQLState()).isEqualTo("23505");
      connection.rollback();
    }
  }

  private void beginsBefore(String method, Action action) throws SQLException {
    assertThat(server.idleInTransaction(application)).as("nothing is open").isEmpty();
    boolean[] open = {false};
    spy.before(method, () -> open[0] = !server.idleInTransaction(application).isEmpty());
    action.run();
    assertThat(open[0]).as("a transaction is open before " + method).isTrue();
  }

  private void insert(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("insert into " + table + " values (1)");
    }
  }

  /** What is deferred to the commit of an insert takes a minute. */
  private void delayCommits() throws SQLException {
    try (Connection connection = server.dataSource("setup").getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          create function %1$s_wait() returns trigger language plpgsql as
            $$ begin perform pg_sleep(60); return null; end $$;
          create constraint trigger %1$s_slow after insert on %1$s
            deferrable initially deferred for each row execute function %1$s_wait()
          """
              .formatted(table));
    }
  }

  private int written() throws SQLException {
    try (Connection connection = server.dataSource("setup").getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static SQLException failureOf(Action action) {
    try {
      action.run();
    } catch (SQLException failure) {
      return failure;
    }
    throw new AssertionError("it succeeded");
  }

  private interface Action {
    void run() throws SQLException;
  }
}
