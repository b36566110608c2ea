package dev.lanyard.benchmarks.tasks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.databases.Postgres;
import dev.lanyard.durable.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * An empty database, which one contender has for one round.
 *
 * @param connections how many a pool should have: one for SQLite, which has one writer
 */
record Place(Database.Engine engine, DataSource plain, String url, int connections) {
  /** A file that is forced to the disk by each commit. */
  static Place sqlite(Path file) {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(10_000);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    var source = new SQLiteDataSource(config);
    String url = "jdbc:sqlite:" + file;
    source.setUrl(url);
    return new Place(Database.Engine.SQLITE, source, url, 1);
  }

  /** A database of its own in a server that has fsync on. */
  static Place postgresql(Postgres server) {
    PGSimpleDataSource source = server.newDatabase("benchmark");
    String url =
        source.getURL() + "&user=" + source.getUser() + "&password=" + source.getPassword();
    return new Place(Database.Engine.POSTGRESQL, source, url, SubmitAndRun.CLIENTS);
  }

  HikariDataSource pool() {
    var config = new HikariConfig();
    config.setDataSource(plain);
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  /**
   * The table of db-scheduler, with its indexes, as the module durable has it under its own name.
   */
  void makeSchedulerTable() throws SQLException {
    String file =
        "dev-lanyard-durable/V1__tasks." + engine.name().toLowerCase(Locale.ROOT) + ".sql";
    for (String statement : read(file).split(";", -1)) {
      if (statement.contains("scheduled_tasks")) execute(plain, statement.replace("lanyard_", ""));
    }
  }

  long number(String query) throws SQLException {
    return Long.parseLong(text(query));
  }

  String text(String query) throws SQLException {
    try (Connection connection = plain.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  static void execute(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String read(String file) {
    try (InputStream in = ClassLoader.getSystemResourceAsStream(file)) {
      if (in == null) throw new IOException("no " + file + " on the class path");
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
