package dev.lanyard.jdbc;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SQLite cancels all that is open on a connection: nobody takes what was cut off for the end. */
class SqliteCancelTest {
  private final RootContext root = Context.root(TimeSource.system());
  private final CancellableContext context = root.withCancel();
  private final Spy spy;
  private final Connection connection;
  private final Statement other;

  SqliteCancelTest() throws SQLException {
    spy = Spy.on(Database.SQLITE.empty());
    connection = ContextDataSource.wrap(spy.dataSource()).with(Patient.SETTINGS).getConnection();
    other = connection.createStatement();
  }

  @BeforeEach
  void fill() throws SQLException {
    other.execute("create table kept (id integer primary key, x int)");
    other.execute("insert into kept (x) values (1), (2), (3)");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    context.cancel();
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("Rows in the middle: the next step throws, and goes on throwing")
  void rowsInTheMiddle() throws SQLException {
    ResultSet rows = other.executeQuery("select * from kept");
    assertThat(rows.next()).isTrue();
    endAnotherStatement();
    SQLException told = isEndedBy(context, rows::next);
    assertThat(told.getMessage()).contains("together with a statement on the same connection");
    isEndedBy(context, rows::next);
    assertThat(other.executeQuery("select * from kept").next()).as("executed again").isTrue();
  }

  @Test
  @DisplayName("Rows that were read to their end have ended")
  void rowsAtTheirEnd() throws SQLException {
    ResultSet rows = other.executeQuery("select * from kept where id = 1");
    assertThat(rows.next()).isTrue();
    assertThat(rows.next()).isFalse();
    endAnotherStatement();
    assertThat(rows.next()).isFalse();
  }

  @Test
  @DisplayName("Rows that nobody has asked for: getResultSet throws")
  void rowsNotAskedFor() throws SQLException {
    assertThat(other.execute("select * from kept")).isTrue();
    endAnotherStatement();
    isEndedBy(context, other::getResultSet);
    assertThat(other.execute("select * from kept")).isTrue();
    assertThat(other.getResultSet().next()).as("executed again").isTrue();
  }

  @Test
  @DisplayName("The rows of metadata")
  void metadata() throws SQLException {
    ResultSet columns = connection.getMetaData().getColumns(null, null, "kept", null);
    assertThat(columns.next()).isTrue();
    endAnotherStatement();
    isEndedBy(context, columns::next);
    assertThat(other.executeQuery("select 42").next()).isTrue();
  }

  @Test
  @DisplayName("Generated keys that nobody has asked for: getGeneratedKeys throws")
  void keysNotAskedFor() throws SQLException {
    other.executeUpdate("insert into kept (x) values (4)");
    endAnotherStatement();
    isEndedBy(context, other::getGeneratedKeys);
    other.executeUpdate("insert into kept (x) values (5)");
    ResultSet keys = other.getGeneratedKeys();
    assertThat(keys.next()).isTrue();
    assertThat(keys.getLong(1)).isEqualTo(5);
  }

  @Test
  @DisplayName("Generated keys that were asked for and not fetched: the next step throws")
  void keysNotFetched() throws SQLException {
    other.executeUpdate("insert into kept (x) values (4)");
    ResultSet keys = other.getGeneratedKeys();
    endAnotherStatement();
    isEndedBy(context, keys::next);
  }

  @Test
  @DisplayName("A statement that has generated no keys has none afterwards")
  void noKeys() throws SQLException {
    other.executeUpdate("update kept set x = 7");
    endAnotherStatement();
    assertThat(other.getGeneratedKeys().next()).isFalse();
  }

  private void endAnotherStatement() throws SQLException {
    try (Statement endless = connection.createStatement()) {
      spy.before("execute", () -> Soon.run(context::cancel));
      context.run(() -> isEndedBy(context, () -> endless.execute(Database.SQLITE.endless())));
    }
  }
}
