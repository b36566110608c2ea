package dev.lanyard.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each driver can and cannot do: the cells of the table in {@code docs/jdbc.md} begin with the
 * words that are found here. The last two rows say how, and are not compared.
 */
@ParameterizedClass
@EnumSource(Database.class)
class DriverTableTest {
  /** The drivers' own words for "was cancelled": SQLState, or the number where that is missing. */
  private static final List<String> CANCELLED = List.of("57014", "70100", "9");

  private final RootContext root = Context.root(TimeSource.system());
  private final CancellableContext context = root.withCancel();
  private final Database database;
  private final DataSource plain;
  private final Spy spy;
  private final ContextDataSource wrapped;

  DriverTableTest(Database database) throws SQLException {
    this.database = database;
    plain = database.empty();
    spy = Spy.on(plain);
    wrapped = ContextDataSource.wrap(spy.dataSource()).with(Patient.SETTINGS);
    try (Connection connection = plain.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table kept (id int primary key, x int)");
      statement.execute("insert into kept values (1, 0)");
    }
  }

  @Test
  @DisplayName("a statement that computes or waits")
  void statement() throws SQLException {
    cell("a statement that computes or waits", outcome("execute", s -> s.execute(endless())));
  }

  @Test
  @DisplayName("`executeBatch` of a `Statement`")
  void batch() throws SQLException {
    cell(
        "`executeBatch` of a `Statement`",
        outcome(
            "executeBatch",
            s -> {
              s.addBatch("insert into kept values (2, 0)");
              s.addBatch(insertEndless());
              s.executeBatch();
            }));
  }

  @Test
  @DisplayName("`executeBatch` of a `PreparedStatement`")
  void preparedBatch() throws SQLException {
    cell(
        "`executeBatch` of a `PreparedStatement`",
        outcome(
            "executeBatch",
            s -> {
              try (var prepared = s.getConnection().prepareStatement(insertEndless())) {
                prepared.addBatch();
                prepared.executeBatch();
              }
            }));
  }

  @Test
  @DisplayName("`next()` that fetches rows")
  void fetch() throws SQLException {
    cell(
        "`next()` that fetches rows",
        outcome(
            "next",
            s -> {
              database.fetchRowByRow(s.getConnection());
              try (Statement slow = s.getConnection().createStatement()) {
                slow.setFetchSize(1);
                ResultSet rows = slow.executeQuery(database.slowRows());
                while (rows.next()) {
                  // The first is there at once.
                }
              }
            }));
  }

  @Test
  @DisplayName("waiting for a lock of another connection")
  void lock() throws SQLException {
    try (Connection holder = plain.getConnection();
        Statement held = holder.createStatement()) {
      holder.setAutoCommit(false);
      held.executeUpdate("update kept set x = 1 where id = 1");
      cell(
          "waiting for a lock of another connection",
          outcome("executeUpdate", s -> s.executeUpdate("update kept set x = 2 where id = 1")));
      holder.rollback();
    }
  }

  @Test
  @DisplayName("`commit` that has to wait")
  void commit() throws SQLException {
    if (isH2()) {
      commitBesideOthers();
      cell("`commit` that has to wait", "nothing waits");
      return;
    }
    try (Connection holder = plain.getConnection();
        Statement held = holder.createStatement()) {
      if (database == Database.POSTGRESQL) deferAMinuteToCommits(held);
      cell(
          "`commit` that has to wait",
          outcome(
              "commit",
              s -> {
                s.getConnection().setAutoCommit(false);
                s.executeUpdate("update kept set x = 2 where id = 1");
                if (database == Database.SQLITE) held.executeQuery("select * from kept").next();
                if (database == Database.MARIADB) held.execute("flush tables with read lock");
                try {
                  s.getConnection().commit();
                } finally {
                  s.getConnection().rollback();
                }
              }));
    }
  }

  /** Others read, and have written: whoever had to wait for them would fail after a second. */
  private void commitBesideOthers() throws SQLException {
    try (Connection holder = plain.getConnection();
        Statement held = holder.createStatement();
        Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      holder.setAutoCommit(false);
      held.executeUpdate("insert into kept values (2, 0)");
      assertThat(held.executeQuery("select * from kept").next()).isTrue();
      statement.execute(database.shortLockWait());
      connection.setAutoCommit(false);
      statement.executeUpdate("update kept set x = 2 where id = 1");
      connection.commit();
      holder.rollback();
    }
  }

  private static void deferAMinuteToCommits(Statement statement) throws SQLException {
    statement.execute(
        """
        create function wait() returns trigger language plpgsql as
          $$ begin perform pg_sleep(60); return null; end $$;
        create constraint trigger slow after update on kept
          deferrable initially deferred for each row execute function wait()
        """);
  }

  @Test
  @DisplayName("`Connection.abort`, the last resort")
  void abort() throws SQLException {
    try (Connection connection = plain.getConnection()) {
      connection.abort(Runnable::run);
      cell(
          "`Connection.abort`, the last resort",
          connection.isClosed() ? "closes it" : "is ignored");
    }
  }

  @Test
  @DisplayName("the connection after a statement was ended")
  void connectionAfterwards() throws SQLException {
    try (Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      String ended = outcome(connection, "execute", s -> s.execute(endless()));
      assertThat(ended).isEqualTo("ends");
      assertThat(statement.executeQuery("select 42").next()).isTrue();
      cell("the connection after a statement was ended", "can be used");
    }
  }

  @Test
  @DisplayName("the same, while other statements of it are open")
  void othersAfterwards() throws SQLException {
    try (Connection connection = wrapped.getConnection();
        Statement insert = connection.createStatement();
        Statement unread = connection.createStatement()) {
      insert.executeUpdate("insert into kept values (7, 0)");
      ResultSet rows = unread.executeQuery("select * from kept");
      assertThat(rows.next()).isTrue();
      assertThat(outcome(connection, "execute", s -> s.execute(endless()))).isEqualTo("ends");
      String row = "the same, while other statements of it are open";
      cell(row, canBeUsed(connection) ? "can be used" : "refuses");
      // What was cut off is not taken for the end of the rows.
      if (database == Database.SQLITE) EndedCalls.isEndedBy(context, rows::next);
      else assertThat(rows.next()).isTrue();
      assertThat(insert.executeUpdate("insert into kept values (9, 0)")).isOne();
    }
  }

  private static boolean canBeUsed(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      return statement.executeQuery("select 42").next();
    } catch (SQLException refused) {
      return false;
    }
  }

  @Test
  @DisplayName("a transaction in which a statement was ended")
  void transactionAfterwards() throws SQLException {
    try (Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      try (Statement insert = connection.createStatement()) {
        insert.executeUpdate("insert into kept values (7, 0)");
      }
      assertThat(outcome(connection, "executeUpdate", s -> s.executeUpdate(insertEndless())))
          .isEqualTo("ends");
      cell("a transaction in which a statement was ended", transaction(statement));
      connection.rollback();
    }
  }

  private static String transaction(Statement statement) {
    try (ResultSet row = statement.executeQuery("select count(*) from kept where id = 7")) {
      row.next();
      return row.getInt(1) == 1 ? "goes on" : "is gone";
    } catch (SQLException refused) {
      return "has failed";
    }
  }

  private String endless() {
    return database.endless();
  }

  private String insertEndless() {
    return "insert into kept select 8, 1 from (" + database.endless() + ") e";
  }

  private String outcome(String method, Work work) throws SQLException {
    try (Connection connection = wrapped.getConnection()) {
      return outcome(connection, method, work);
    }
  }

  /** What became of work whose context was cancelled after it had reached that method. */
  private String outcome(Connection connection, String method, Work work) throws SQLException {
    String shortWait = database.shortLockWait();
    try (Statement statement = connection.createStatement()) {
      if (!shortWait.isEmpty()) statement.execute(shortWait);
      spy.before(method, () -> Soon.run(context::cancel));
      context.<@Nullable Void, SQLException>call(() -> {
        work.on(statement);
        return null;
      });
    } catch (SQLException ended) {
      EndedCalls.isEndedBy(context, EndedCalls.CANCELLED, ended);
      return wasCancelled((SQLException) ended.getSuppressed()[0]) ? "ends" : "goes on";
    }
    throw new AssertionError("it ended by itself");
  }

  /** A batch wraps what ended its statement, each driver in its own way. */
  private static boolean wasCancelled(SQLException byDriver) {
    String state = Objects.requireNonNullElse(byDriver.getSQLState(), "" + byDriver.getErrorCode());
    SQLException next = byDriver.getNextException();
    return CANCELLED.contains(state)
        || (next != null && wasCancelled(next))
        || (byDriver.getCause() instanceof SQLException cause && wasCancelled(cause));
  }

  private boolean isH2() {
    return database == Database.H2_MEMORY || database == Database.H2_FILE;
  }

  private int column() {
    return switch (database) {
      case POSTGRESQL -> 2;
      case H2_MEMORY, H2_FILE -> 3;
      case SQLITE -> 4;
      case MARIADB -> 5;
    };
  }

  /** Compares with the page. */
  private void cell(String row, String found) {
    String cells =
        page().stream()
            .filter(line -> line.startsWith("| " + row + " |"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("docs/jdbc.md has no row | " + row + " |"));
    assertThat(cells.split("\\|", -1)[column()].strip())
        .as("%s, %s", database, row)
        .startsWith(found);
  }

  private static List<String> page() {
    try {
      return Files.readAllLines(Path.of("../docs/jdbc.md"));
    } catch (IOException missing) {
      throw new AssertionError(missing);
    }
  }

  private interface Work {
    void on(Statement statement) throws SQLException;
  }
}
