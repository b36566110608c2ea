package dev.lanyard.jdbc;

import static dev.lanyard.jdbc.EndedCalls.isEndedBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Statements and rows stop with a context, on every database. */
@ParameterizedClass
@EnumSource(Database.class)
class ContractTest {
  private final RootContext root = Context.root(TimeSource.system());
  private final Database database;
  private final Spy spy;
  private final ContextDataSource wrapped;

  ContractTest(Database database) throws SQLException {
    this.database = database;
    spy = Spy.on(database.empty());
    wrapped = ContextDataSource.wrap(spy.dataSource()).with(Patient.SETTINGS);
  }

  @AfterEach
  void nothingStaysLinked() {
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("Q1: a context that has ended gets no connection, and the driver is not asked")
  void noConnection() {
    CancellableContext context = root.withCancel();
    context.cancel(new IllegalStateException("the client has left"));
    isEndedBy(context, () -> wrapped.getConnection(context));
    context.run(() -> isEndedBy(context, wrapped::getConnection));
    context.run(() -> isEndedBy(context, () -> wrapped.getConnection("user", "password")));
    assertThat(spy.calls()).isEmpty();
  }

  @Test
  @DisplayName("Q1: calls on a context that has ended never reach the driver")
  void refusedCalls() throws SQLException {
    CancellableContext context = root.withCancel();
    try (Connection connection = wrapped.getConnection(context)) {
      connection.setAutoCommit(false);
      Statement statement = connection.createStatement();
      PreparedStatement prepared = connection.prepareStatement("select 1");
      ResultSet rows = prepared.executeQuery();
      statement.addBatch("create table batched (id int)");
      context.cancel();
      spy.forget();

      isEndedBy(context, () -> statement.execute("select 1"));
      isEndedBy(context, () -> statement.execute("select 1", Statement.RETURN_GENERATED_KEYS));
      isEndedBy(context, () -> statement.executeQuery("select 1"));
      isEndedBy(context, () -> statement.executeUpdate("create table refused (id int)"));
      isEndedBy(context, () -> statement.executeLargeUpdate("create table refused (id int)"));
      isEndedBy(context, statement::executeBatch);
      isEndedBy(context, statement::executeLargeBatch);
      isEndedBy(context, () -> statement.getMoreResults());
      isEndedBy(context, prepared::execute);
      isEndedBy(context, prepared::executeQuery);
      isEndedBy(context, prepared::executeUpdate);
      isEndedBy(context, prepared::executeLargeUpdate);
      isEndedBy(context, rows::next);
      isEndedBy(context, () -> connection.createStatement());
      isEndedBy(context, () -> connection.prepareStatement("select 1"));
      isEndedBy(context, () -> connection.prepareCall("select 1"));
      isEndedBy(context, () -> connection.setSavepoint());
      isEndedBy(context, () -> connection.getMetaData().getTables(null, null, "%", null));
      isEndedBy(context, connection::commit);
      assertThat(spy.calls()).isSubsetOf("getMetaData");
      connection.rollback();
    }
  }

  @Test
  @DisplayName("Q3: a statement that is under way ends when its context is cancelled")
  void cancelled() throws SQLException {
    try (Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      CancellableContext context = root.withCancel();
      spy.before("executeQuery", () -> cancelSoon(context));
      SQLException failure =
          context.call(
              () -> isEndedBy(context, () -> statement.executeQuery(database.endless()).next()));
      assertThat(failure.getSuppressed()).as("what the driver said").hasSize(1);
      assertThat(number(statement, "select 42")).isEqualTo(42);
    }
  }

  @Test
  @DisplayName("Q3: also when the context ends at the very moment at which the statement begins")
  void cancelledAtTheBeginning() throws SQLException {
    try (Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      for (int time = 0; time < 100; time++) {
        CancellableContext context = root.withCancel();
        spy.before("executeQuery", context::cancel);
        context.run(
            () -> isEndedBy(context, () -> statement.executeQuery(database.endless()).next()));
      }
      assertThat(number(statement, "select 42")).isEqualTo(42);
    }
  }

  @Test
  @DisplayName("Q3: a statement that is under way ends at the deadline")
  void deadlinePassed() throws SQLException {
    try (Connection connection = wrapped.getConnection();
        PreparedStatement statement = connection.prepareStatement(database.endless())) {
      CancellableContext context = root.withTimeout(Duration.ofMillis(30));
      context.run(() -> isEndedBy(context, () -> statement.executeQuery().next()));
    }
  }

  @Test
  @DisplayName("Q3: every way to execute ends, and the connection can be used afterwards")
  void everyWayToExecute() throws SQLException {
    try (Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table filled (x varchar(100))");
      String insert = "insert into filled select 'x' from (" + database.endless() + ") e";
      ends(() -> statement.execute(database.endless()), "execute");
      ends(() -> statement.executeUpdate(insert), "executeUpdate");
      statement.addBatch("insert into filled values ('first')");
      statement.addBatch(insert);
      ends(statement::executeBatch, "executeBatch");
      try (PreparedStatement prepared = connection.prepareStatement(database.endless())) {
        ends(prepared::execute, "execute");
      }
      try (PreparedStatement prepared = connection.prepareStatement(insert)) {
        ends(prepared::executeUpdate, "executeUpdate");
      }
      try (PreparedStatement prepared = connection.prepareStatement(insert)) {
        prepared.addBatch();
        prepared.addBatch();
        ends(prepared::executeBatch, "executeBatch");
      }
      assertThat(number(statement, "select 42")).isEqualTo(42);
    }
  }

  @Test
  @DisplayName("Q4: fetching ends while a row is waited for, and the connection is free again")
  void fetchEnds() throws SQLException {
    CancellableContext context = root.withCancel();
    try (Connection connection = wrapped.getConnection()) {
      database.fetchRowByRow(connection);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(1);
        ResultSet rows =
            context.call(() -> {
              ResultSet slow = statement.executeQuery(database.slowRows());
              assertThat(slow.next()).isTrue();
              spy.before("next", () -> cancelSoon(context));
              isEndedBy(context, slow::next);
              isEndedBy(context, slow::next);
              return slow;
            });
        rows.close();
      }
      if (!connection.getAutoCommit()) connection.rollback();
      try (Statement statement = connection.createStatement()) {
        assertThat(number(statement, "select 42")).isEqualTo(42);
      }
    }
  }

  @Test
  @DisplayName("Q5: rows that were read to their end stay read when the context ends")
  void rowsThatWereRead() throws SQLException {
    CancellableContext context = root.withCancel();
    try (Connection connection = wrapped.getConnection(context);
        Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery("select 1");
      assertThat(rows.next()).isTrue();
      assertThat(rows.next()).isFalse();
      context.cancel();
      if (database != Database.SQLITE) { // whose result sets close themselves
        assertThat(rows.next()).isFalse();
      }
      rows.close();
    }
  }

  @Test
  @DisplayName("Q10: the row that was read stays readable when the context ends")
  void rowStaysReadable() throws SQLException {
    CancellableContext context = root.withCancel();
    try (Connection connection = wrapped.getConnection(context);
        Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery("select 'read', 42");
      assertThat(rows.next()).isTrue();
      context.cancel();
      assertThat(rows.getString(1)).isEqualTo("read");
      assertThat(rows.getInt(2)).isEqualTo(42);
      isEndedBy(context, rows::next);
    }
  }

  @Test
  @DisplayName("A result that arrived anyway is returned")
  void arrivedAnyway() throws SQLException {
    CancellableContext context = root.withCancel();
    try (Connection connection = wrapped.getConnection(context);
        Statement statement = connection.createStatement()) {
      statement.execute("create table counted (id int)");
      spy.after("executeUpdate", context::cancel);
      assertThat(statement.executeUpdate("insert into counted values (1), (2)")).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("Q12: whoever is first, context or driver, the exception is the same")
  void sameException() throws SQLException {
    for (String moment : List.of("refused", "before", "early", "late")) {
      CancellableContext context = root.withCancel();
      var cause = new IllegalStateException("the client has left");
      try (Connection connection = wrapped.getConnection(context);
          Statement statement = connection.createStatement()) {
        switch (moment) {
          case "refused" -> context.cancel(cause);
          case "before" -> spy.before("executeQuery", () -> context.cancel(cause));
          case "early" -> spy.before("executeQuery", () -> Soon.run(() -> context.cancel(cause)));
          default ->
              spy.after(
                  "executeQuery",
                  () -> {
                    context.cancel(cause);
                    throw new SQLException("the driver has failed by itself");
                  });
        }
        String query = moment.equals("late") ? "select 1" : database.endless();
        SQLException failure = isEndedBy(context, () -> statement.executeQuery(query).next());
        assertThat(failure.getMessage()).isEqualTo("the statement was ended: context canceled");
      }
    }
  }

  @Test
  @DisplayName("A driver is never interrupted, also not inside callInterruptibly")
  void neverInterrupted() throws SQLException {
    CancellableContext context = root.withCancel();
    var inDriver = new CompletableFuture<Boolean>();
    try (Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      spy.before(
          "executeQuery",
          () -> {
            context.cancel();
            inDriver.complete(Thread.currentThread().isInterrupted());
          });
      context.callInterruptibly(
          () -> isEndedBy(context, () -> statement.executeQuery(database.endless()).next()));
      assertThat(inDriver.join()).isFalse();
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      assertThat(number(statement, "select 42")).isEqualTo(42);
    }
  }

  @Test
  @DisplayName("A connection obeys the context that it was got with and the current one")
  void twoContexts() throws SQLException {
    CancellableContext given = root.withCancel();
    CancellableContext current = root.withCancel();
    try (Connection connection = wrapped.getConnection(given);
        Statement statement = connection.createStatement()) {
      spy.before("executeQuery", () -> cancelSoon(current));
      current.run(
          () -> isEndedBy(current, () -> statement.executeQuery(database.endless()).next()));
      spy.before("executeQuery", () -> cancelSoon(given));
      isEndedBy(given, () -> statement.executeQuery(database.endless()).next());
      current.run(() -> isEndedBy(given, () -> statement.executeQuery("select 1")));
    }
  }

  private void ends(Execution execution, String method) throws SQLException {
    CancellableContext context = root.withCancel();
    spy.before(method, () -> cancelSoon(context));
    context.run(() -> isEndedBy(context, execution::run));
  }

  private static void cancelSoon(CancellableContext context) {
    Soon.run(context::cancel);
  }

  private static int number(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private interface Execution {
    void run() throws SQLException;
  }
}
