package dev.lanyard.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.jdbc.JdbcSQLTimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Where H2's own {@code Statement.cancel} would not do. */
@ParameterizedClass
@EnumSource(
    value = Database.class,
    names = {"H2_MEMORY", "H2_FILE"})
class H2CancelTest {
  private static final int ROUNDS = 100;

  private final Database database;

  H2CancelTest(Database database) {
    this.database = database;
  }

  @Test
  @DisplayName("A cancel that comes while a statement begins does not shield it from the next one")
  void cancelledAllTheTime() throws Exception {
    try (Connection connection = database.empty().getConnection()) {
      for (int round = 0; round < ROUNDS; round++) {
        try (Statement statement = connection.createStatement()) {
          var under = new AtomicBoolean(true);
          Thread canceller =
              Thread.ofPlatform().start(() -> cancelWhile(under, connection, statement));
          try {
            assertThatThrownBy(() -> statement.executeQuery(database.endless()))
                .isInstanceOf(JdbcSQLTimeoutException.class);
          } finally {
            under.set(false);
            canceller.join();
            Cancel.forget(connection);
          }
        }
      }
    }
  }

  private static void cancelWhile(AtomicBoolean under, Connection connection, Statement statement) {
    while (under.get()) {
      try {
        Cancel.send(connection, statement);
      } catch (SQLException failed) {
        throw new AssertionError(failed);
      }
      Thread.onSpinWait();
    }
  }

  @Test
  @DisplayName("A cancel that came too late is kept by H2, and forgotten before the next statement")
  void lateCancel() throws SQLException {
    String numbers = "select max(mod(x + ?, 7)) from system_range(1, 10000)";
    try (Connection connection = database.empty().getConnection();
        PreparedStatement statement = connection.prepareStatement(numbers)) {
      statement.setInt(1, 1);
      statement.executeQuery().close();
      Cancel.send(connection, statement);
      statement.setInt(1, 2);
      assertThatThrownBy(statement::executeQuery).isInstanceOf(JdbcSQLTimeoutException.class);
      Cancel.send(connection, statement);
      Cancel.forget(connection);
      statement.setInt(1, 3);
      try (ResultSet row = statement.executeQuery()) {
        assertThat(row.next()).isTrue();
      }
    }
  }

  @Test
  @DisplayName("A timeout that the program has set stays when a cancel is forgotten")
  void timeoutStays() throws SQLException {
    try (Connection connection = database.empty().getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(7);
      Cancel.forget(connection);
      String setting =
          "select setting_value from information_schema.settings"
              + " where setting_name = 'QUERY_TIMEOUT'";
      try (ResultSet row = statement.executeQuery(setting)) {
        assertThat(row.next()).as("H2 tells it").isTrue();
        assertThat(row.getString(1)).as("milliseconds").isEqualTo("7000");
      }
    }
  }
}
