package dev.lanyard.jdbc;

import dev.lanyard.databases.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.sqlite.SQLiteDataSource;

/** The databases that the promises are kept on, and how each says what the tests want. */
enum Database {
  POSTGRESQL(
      "select pg_sleep(60)",
      "select 1 union all (select 2 from pg_sleep(60))",
      "id bigint generated always as identity primary key") {
    @Override
    DataSource dataSource(String name) throws SQLException {
      var dataSource = Postgres.shared().dataSource(name);
      try (Connection connection = dataSource.getConnection();
          var statement = connection.createStatement()) {
        statement.execute("create schema " + name);
      }
      dataSource.setCurrentSchema(name);
      return dataSource;
    }
  },

  H2_MEMORY(
      Database.H2_ENDLESS,
      Database.H2_SLOW_ROWS,
      "id bigint generated always as identity primary key") {
    @Override
    DataSource dataSource(String name) {
      return h2("mem:" + name + ";DB_CLOSE_DELAY=-1");
    }
  },

  H2_FILE(
      Database.H2_ENDLESS,
      Database.H2_SLOW_ROWS,
      "id bigint generated always as identity primary key") {
    @Override
    DataSource dataSource(String name) {
      return h2(folder().resolve(name).toString());
    }
  },

  SQLITE(
      "with recursive n(x) as (select 1 union all select x + 1 from n) select max(x % 7) from n",
      "with recursive n(x) as (select 1 union all select x + 1 from n)"
          + " select 1 union all select max(x % 7) from n",
      "id integer primary key") {
    @Override
    DataSource dataSource(String name) {
      var dataSource = new SQLiteDataSource();
      dataSource.setUrl("jdbc:sqlite:" + folder().resolve(name + ".sqlite"));
      return dataSource;
    }
  },

  MARIADB(
      "select sleep(60)",
      "select seq, repeat('x', 100000), if(seq < 2, 0, sleep(60)) from seq_1_to_3",
      "id bigint auto_increment primary key") {
    @Override
    DataSource dataSource(String name) throws SQLException {
      return MariaDb.shared().dataSource(name);
    }
  };

  /** What the databases that run in this JVM count, roughly. */
  private static final long ROWS_PER_SECOND = 10_000_000;

  private static final String H2_ENDLESS =
      "select max(mod(x, 7)) from system_range(1, 1000000000000)";
  private static final String H2_SLOW_ROWS =
      "select r.x, case when r.x = 1 then 0 else"
          + " (select max(mod(s.x + r.x, 7)) from system_range(1, 1000000000000) s) end"
          + " from system_range(1, 3) r";

  private final String endless;
  private final String slowRows;
  private final String identity;

  Database(String endless, String slowRows, String identity) {
    this.endless = endless;
    this.slowRows = slowRows;
    this.identity = identity;
  }

  /** Plain connections to an empty database of the caller's own. */
  final DataSource empty() throws SQLException {
    return dataSource("t" + UUID.randomUUID().toString().replace("-", ""));
  }

  /** Plain connections to an empty database with that name, which no other test uses. */
  abstract DataSource dataSource(String name) throws SQLException;

  /** A query that ends by itself only after a minute or never. */
  final String endless() {
    return endless;
  }

  /** A query that takes about that long, and longer on a machine that is busy. */
  final String lasting(Duration duration) {
    double seconds = duration.toNanos() / 1e9;
    long rows = Math.max(1, (long) (ROWS_PER_SECOND * seconds));
    return switch (this) {
      case POSTGRESQL -> "select pg_sleep(" + seconds + ")";
      case H2_MEMORY, H2_FILE -> "select max(mod(x, 7)) from system_range(1, " + rows + ")";
      case SQLITE ->
          "with recursive n(x) as (select 1 union all select x + 1 from n limit "
              + rows
              + ") select max(x % 7) from n";
      case MARIADB -> "select sleep(" + seconds + ")";
    };
  }

  /** A query whose first row comes at once and whose second takes a minute or for ever. */
  final String slowRows() {
    return slowRows;
  }

  /** A statement that makes a connection wait only a second for a lock; empty if it need not be. */
  final String shortLockWait() {
    return switch (this) {
      case H2_MEMORY, H2_FILE -> "set lock_timeout 1000";
      case SQLITE -> "pragma busy_timeout = 1000";
      case POSTGRESQL, MARIADB -> "";
    };
  }

  /** The definition of a column {@code id} that the database numbers. */
  final String identity() {
    return identity;
  }

  /** Makes a connection fetch rows one by one, where the driver has to be asked for that. */
  final void fetchRowByRow(Connection connection) throws SQLException {
    switch (this) {
      case POSTGRESQL -> connection.setAutoCommit(false);
      case H2_MEMORY, H2_FILE -> {
        try (var statement = connection.createStatement()) {
          statement.execute("set lazy_query_execution 1");
        }
      }
      case SQLITE, MARIADB -> {
        // The fetch size of the statement is enough.
      }
    }
  }

  private static DataSource h2(String where) {
    var dataSource = new JdbcDataSource();
    dataSource.setURL("jdbc:h2:" + where);
    dataSource.setUser("sa");
    return dataSource;
  }

  private static Path folder() {
    try {
      return Files.createDirectories(Path.of("target/databases")).toAbsolutePath();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
