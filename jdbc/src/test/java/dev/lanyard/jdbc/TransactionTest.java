package dev.lanyard.jdbc;

import static dev.lanyard.jdbc.EndedCalls.isEndedBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a context has ended is never committed, and cleaning up works, on every database. */
@ParameterizedClass
@EnumSource(Database.class)
class TransactionTest {
  private final RootContext root = Context.root(TimeSource.system());
  private final CancellableContext context = root.withCancel();
  private final Database database;
  private final DataSource plain;
  private final Spy spy;
  private final ContextDataSource wrapped;

  TransactionTest(Database database) throws SQLException {
    this.database = database;
    plain = database.empty();
    spy = Spy.on(plain);
    wrapped = ContextDataSource.wrap(spy.dataSource()).with(Patient.SETTINGS);
    try (Connection connection = plain.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table written (id int)");
    }
  }

  @AfterEach
  void nothingStaysLinked() {
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("Q6: a statement in a transaction obeys the context of the connection and its own")
  void statementInTransaction() throws SQLException {
    CancellableContext own = root.withCancel();
    try (Connection connection = begin();
        Statement statement = connection.createStatement()) {
      spy.before("executeQuery", () -> Soon.run(own::cancel));
      own.run(() -> isEndedBy(own, () -> statement.executeQuery(database.endless()).next()));
      connection.rollback();
      insert(connection);
      context.cancel();
      isEndedBy(context, () -> insert(connection));
    }
    assertThat(written()).isZero();
  }

  @Test
  @DisplayName("Q7: close rolls back what a context has ended")
  void closeRollsBack() throws SQLException {
    Connection connection = begin();
    insert(connection);
    context.cancel();
    spy.forget();
    connection.close();
    assertThat(spy.calls()).containsSubsequence("rollback", "close").doesNotContain("commit");
    assertThat(written()).isZero();
  }

  @Test
  @DisplayName("Q7: a statement that was ended leaves nothing of its transaction")
  void endedStatementLeavesNothing() throws SQLException {
    try (Connection connection = begin()) {
      insert(connection);
      try (Statement statement = connection.createStatement()) {
        spy.before("executeQuery", () -> Soon.run(context::cancel));
        isEndedBy(context, () -> statement.executeQuery(database.endless()).next());
      }
    }
    assertThat(written()).isZero();
  }

  @Test
  @DisplayName("Q7: rollback works after a statement that wrote was ended")
  void rollbackAfterWrite() throws SQLException {
    try (Connection connection = begin();
        Statement statement = connection.createStatement()) {
      insert(connection);
      spy.before("executeUpdate", () -> Soon.run(context::cancel));
      String write = "insert into written select 1 from (" + database.endless() + ") e";
      isEndedBy(context, () -> statement.executeUpdate(write));
      connection.rollback();
      connection.setAutoCommit(true);
      connection.setAutoCommit(false);
      connection.rollback();
    }
    assertThat(written()).isZero();
  }

  @Test
  @DisplayName("Q7: also while other statements of the transaction are open")
  void rollbackWithOpenStatements() throws SQLException {
    try (Connection connection = begin();
        Statement insert = connection.createStatement();
        Statement statement = connection.createStatement()) {
      insert.executeUpdate("insert into written values (1)");
      spy.before("executeQuery", () -> Soon.run(context::cancel));
      isEndedBy(context, () -> statement.executeQuery(database.endless()).next());
      connection.rollback();
    }
    assertThat(written()).isZero();
  }

  @Test
  @DisplayName("Q7: also where the context that has ended is no longer the current one")
  void rollbackAfterWriteElsewhere() throws SQLException {
    try (Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      insert(connection);
      spy.before("executeUpdate", () -> Soon.run(context::cancel));
      String write = "insert into written select 1 from (" + database.endless() + ") e";
      context.run(() -> isEndedBy(context, () -> statement.executeUpdate(write)));
      connection.rollback();
      insert(connection);
      connection.commit();
    }
    assertThat(written()).isOne();
  }

  @Test
  @DisplayName("Q7: close succeeds after that, and the pool goes on with the same connection")
  void closeAfterWriteElsewhere() throws SQLException {
    try (HikariDataSource pool = Pools.of(1, spy.dataSource())) {
      ContextDataSource overPool = ContextDataSource.wrap(pool).with(Patient.SETTINGS);
      try (Connection connection = overPool.getConnection();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        insert(connection);
        spy.before("executeUpdate", () -> Soon.run(context::cancel));
        String write = "insert into written select 1 from (" + database.endless() + ") e";
        context.run(() -> isEndedBy(context, () -> statement.executeUpdate(write)));
      }
      spy.forget();
      try (Connection connection = overPool.getConnection()) {
        insert(connection);
      }
      assertThat(spy.calls()).as("no new connection").doesNotContain("getConnection");
    }
    assertThat(written()).isOne();
  }

  @Test
  @DisplayName("Q7: a statement that was ended before the transaction is none of it")
  void endedBeforeTheTransaction() throws SQLException {
    Connection connection = wrapped.getConnection();
    try (Statement statement = connection.createStatement()) {
      spy.before("executeQuery", () -> Soon.run(context::cancel));
      context.run(
          () -> isEndedBy(context, () -> statement.executeQuery(database.endless()).next()));
    }
    connection.setAutoCommit(false);
    insert(connection);
    spy.forget();
    connection.close();
    assertThat(spy.calls()).as("what is open is the driver's business").doesNotContain("rollback");
  }

  @Test
  @DisplayName("Q8: commit on an ended context never reaches the driver, and always says the same")
  void commitIsRefused() throws SQLException {
    try (Connection connection = begin()) {
      insert(connection);
      context.cancel();
      for (int time = 0; time < 3; time++) {
        SQLException failure = isEndedBy(context, connection::commit);
        assertThat(failure.getMessage()).isEqualTo("the commit was ended: context canceled");
      }
      assertThat(spy.calls()).doesNotContain("commit");
      connection.rollback();
      isEndedBy(context, connection::commit);
    }
    assertThat(written()).isZero();
  }

  @Test
  @DisplayName("A commit that succeeded although its context ended meanwhile has succeeded")
  void commitThatArrived() throws SQLException {
    try (Connection connection = begin()) {
      insert(connection);
      spy.after("commit", context::cancel);
      connection.commit();
    }
    assertThat(written()).isOne();
  }

  @Test
  @DisplayName("Q9: setAutoCommit(true) on an ended context rolls back, never commits, and says so")
  void autoCommitRollsBack() throws SQLException {
    try (Connection connection = begin()) {
      insert(connection);
      context.cancel();
      spy.forget();
      isEndedBy(context, () -> connection.setAutoCommit(true));
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(spy.calls()).containsSubsequence("rollback", "setAutoCommit");
    }
    assertThat(written()).isZero();
  }

  @Test
  @DisplayName("Q9: no statement slips in after the rollback that an ended context has caused")
  void nothingAfterRollback() throws SQLException {
    try (Connection connection = begin()) {
      insert(connection);
      context.cancel();
      connection.rollback();
      connection.setAutoCommit(true);
      isEndedBy(context, () -> insert(connection));
    }
    assertThat(written()).isZero();
  }

  @Test
  @DisplayName("The settings of a connection, savepoints and rollback work on an ended context")
  void cleaningUpWorks() throws SQLException {
    try (Connection connection = begin()) {
      insert(connection);
      Savepoint savepoint = connection.setSavepoint("here");
      insert(connection);
      context.cancel();
      connection.rollback(savepoint);
      connection.rollback();
      connection.setAutoCommit(true); // nothing is open any more, so that nothing is refused
      connection.setReadOnly(false);
      connection.clearWarnings();
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(connection.isClosed()).isFalse();
      assertThat(connection.isValid(1)).isTrue();
    }
    assertThat(written()).isZero();
  }

  @Test
  @DisplayName("What was committed before the end stays")
  void committedBefore() throws SQLException {
    try (Connection connection = begin()) {
      insert(connection);
      connection.commit();
      context.cancel();
      connection.setAutoCommit(true);
    }
    assertThat(written()).isOne();
  }

  @Test
  @DisplayName("setAutoCommit(true) on a live context commits")
  void autoCommitCommits() throws SQLException {
    try (Connection connection = begin()) {
      insert(connection);
      connection.setAutoCommit(true);
      insert(connection);
    }
    assertThat(written()).isEqualTo(2);
  }

  private Connection begin() throws SQLException {
    Connection connection = wrapped.getConnection(context);
    connection.setAutoCommit(false);
    return connection;
  }

  private static void insert(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("insert into written values (1)");
    }
  }

  private int written() throws SQLException {
    try (Connection connection = plain.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from written")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
