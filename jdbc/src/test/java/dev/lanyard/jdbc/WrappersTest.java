package dev.lanyard.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrapped behaves to a program as if it were not, on every database. */
@ParameterizedClass
@EnumSource(Database.class)
class WrappersTest {
  private final Database database;
  private final DataSource plain;
  private final ContextDataSource wrapped;

  WrappersTest(Database database) throws SQLException {
    this.database = database;
    plain = database.empty();
    wrapped = ContextDataSource.wrap(plain);
  }

  @Test
  @DisplayName("unwrap and isWrapperFor reach the driver from everything")
  void unwrap() throws SQLException {
    assertThat(wrapped.unwrap(plain.getClass())).isSameAs(plain);
    assertThat(wrapped.isWrapperFor(plain.getClass())).isTrue();
    assertThat(wrapped.unwrap(ContextDataSource.class)).isSameAs(wrapped);
    try (Connection driver = plain.getConnection();
        Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("select 1");
        ResultSet rows = prepared.executeQuery()) {
      assertThat(connection.isWrapperFor(driver.getClass())).isTrue();
      assertThat(connection.unwrap(driver.getClass())).isExactlyInstanceOf(driver.getClass());
      assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
      Class<?> ofStatement = driver.createStatement().getClass();
      assertThat(statement.unwrap(ofStatement)).isExactlyInstanceOf(ofStatement);
      Class<?> ofPrepared = driver.prepareStatement("select 1").getClass();
      assertThat(prepared.unwrap(ofPrepared)).isExactlyInstanceOf(ofPrepared);
      assertThat(prepared.isWrapperFor(ofPrepared)).isTrue();
      Class<?> ofRows = driver.createStatement().executeQuery("select 1").getClass();
      assertThat(rows.isWrapperFor(ofRows)).isTrue();
      assertThatThrownBy(() -> connection.unwrap(List.class))
          .isInstanceOfAny(SQLException.class, ClassCastException.class);
    }
  }

  @Test
  @DisplayName("The way back leads to what is wrapped: getStatement and getConnection")
  void wayBack() throws SQLException {
    try (Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("select 1")) {
      assertThat(statement.getConnection()).isSameAs(connection);
      assertThat(prepared.getConnection()).isSameAs(connection);
      assertThat(prepared.executeQuery().getStatement()).isSameAs(prepared);
      statement.execute("select 1");
      ResultSet rows = statement.getResultSet();
      assertThat(rows.getStatement()).isSameAs(statement);
      DatabaseMetaData metaData = connection.getMetaData();
      assertThat(metaData.getConnection()).isSameAs(connection);
      try (ResultSet tables = metaData.getTables(null, null, "%", null)) {
        Statement behind = tables.getStatement();
        if (behind != null) assertThat(behind.getConnection()).isSameAs(connection);
      }
    }
  }

  @Test
  @DisplayName("toString of a prepared statement is the driver's")
  void printed() throws SQLException {
    try (Connection connection = wrapped.getConnection();
        PreparedStatement prepared = connection.prepareStatement("select 1")) {
      assertThat(prepared)
          .hasToString(prepared.unwrap(driverType(PreparedStatement.class)).toString());
    }
  }

  @Test
  @DisplayName("Generated keys, batches, several results and all getters are the driver's")
  void passedOn() throws SQLException {
    try (Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table made (" + database.identity() + ", name varchar(20), amount decimal(9,2))");
      try (PreparedStatement insert =
          connection.prepareStatement(
              "insert into made (name, amount) values (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
        insert.setString(1, "first");
        insert.setBigDecimal(2, new java.math.BigDecimal("1.50"));
        assertThat(insert.executeUpdate()).isOne();
        try (ResultSet keys = insert.getGeneratedKeys()) {
          assertThat(keys.next()).isTrue();
          assertThat(keys.getLong(1)).isOne();
        }
        for (String name : List.of("second", "third")) {
          insert.setString(1, name);
          insert.setBigDecimal(2, new java.math.BigDecimal("2.50"));
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).hasSize(2);
      }
      try (ResultSet rows = statement.executeQuery("select * from made order by id")) {
        assertThat(rows.getMetaData().getColumnCount()).isEqualTo(3);
        assertThat(rows.next()).isTrue();
        assertThat(rows.getLong("id")).isOne();
        assertThat(rows.getString(2)).isEqualTo("first");
        assertThat(rows.getBigDecimal("amount")).isEqualByComparingTo("1.5");
        assertThat(rows.findColumn("amount")).isEqualTo(3);
        assertThat(rows.next()).isTrue();
        assertThat(rows.next()).isTrue();
        assertThat(rows.next()).isFalse();
      }
      statement.addBatch("insert into made (name) values ('fourth')");
      statement.addBatch("delete from made");
      assertThat(statement.executeBatch()).containsExactly(1, 4);
    }
  }

  @Test
  @DisplayName("An exception of the driver that no context caused is passed on as it is")
  void driversOwnException() throws SQLException {
    try (Connection driver = plain.getConnection();
        Connection connection = wrapped.getConnection()) {
      SQLException expected = failure(driver);
      assertThatThrownBy(() -> connection.createStatement().execute("select nonsense from nowhere"))
          .isExactlyInstanceOf(expected.getClass())
          .hasMessageEndingWith(withoutNumber(expected))
          .hasNoSuppressedExceptions();
    }
  }

  /** MariaDB's driver begins with the number of the connection. */
  private static String withoutNumber(SQLException failure) {
    return Objects.requireNonNull(failure.getMessage()).replaceFirst("^\\(conn=[0-9]+\\) ", "");
  }

  private static SQLException failure(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("select nonsense from nowhere");
      throw new AssertionError("the driver accepts nonsense");
    } catch (SQLException expected) {
      return expected;
    }
  }

  /** What the driver itself makes for a prepared statement. */
  private Class<? extends PreparedStatement> driverType(Class<PreparedStatement> type)
      throws SQLException {
    try (Connection driver = plain.getConnection();
        PreparedStatement prepared = driver.prepareStatement("select 1")) {
      return prepared.getClass().asSubclass(type);
    }
  }

  @Test
  @DisplayName("prepareCall gives a callable statement where the driver has them")
  void callable() throws SQLException {
    assumeTrue(database != Database.SQLITE, "SQLite has no procedures");
    try (Connection connection = wrapped.getConnection();
        Statement statement = connection.createStatement()) {
      String procedure = "abs(-1)";
      if (database == Database.MARIADB) {
        statement.execute("create procedure answer() select 1");
        procedure = "answer()";
      }
      try (CallableStatement call = connection.prepareCall("{ call " + procedure + " }")) {
        assertThat(call.getConnection()).isSameAs(connection);
        assertThat(call.execute()).isTrue();
        ResultSet rows = call.getResultSet();
        assertThat(rows.next()).isTrue();
        assertThat(rows.getStatement()).isSameAs(call);
        assertThat(rows.getInt(1)).isOne();
      }
    }
  }
}
