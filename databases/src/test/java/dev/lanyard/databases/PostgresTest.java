package dev.lanyard.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** The server of the tests does what other tests rely on. */
class PostgresTest {
  @Test
  void theActivityOfAnApplicationIsSeen() throws SQLException {
    Postgres server = Postgres.shared();
    try (Connection connection = server.dataSource("seen").getConnection()) {
      connection.setAutoCommit(false);
      connection.createStatement().execute("select 1");
      assertThat(server.idleInTransaction("seen")).containsExactly("select 1");
      assertThat(server.backends("seen"))
          .containsExactly(Integer.toString(Postgres.backend(connection)));
      connection.rollback();
    }
    assertThat(server.running("seen")).isEmpty();
  }

  @Test
  void whatWasCommittedOutlivesAPowerCut() throws SQLException, IOException {
    try (Postgres server = Postgres.ofItsOwn()) {
      try (Connection connection = server.dataSource("cut").getConnection();
          var statement = connection.createStatement()) {
        statement.execute("create table kept (id int)");
        server.kill();
        assertThatThrownBy(() -> statement.execute("select 1")).isInstanceOf(SQLException.class);
      }
      assertThatThrownBy(() -> server.dataSource("cut").getConnection())
          .isInstanceOf(SQLException.class);
      server.restart();
      try (Connection connection = server.dataSource("cut").getConnection()) {
        assertThat(connection.createStatement().executeQuery("select * from kept").next())
            .isFalse();
      }
    }
  }
}
