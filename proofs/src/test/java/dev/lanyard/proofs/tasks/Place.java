package dev.lanyard.proofs.tasks;

import dev.lanyard.databases.Postgres;
import dev.lanyard.durable.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a test keeps its tasks: a file or a database of its own, which several processes can open
 * by its URL.
 *
 * @param engine what it is
 * @param url for {@link Database#open}
 * @param user empty where none is needed
 * @param password empty where none is needed
 */
public record Place(Database.Engine engine, String url, String user, String password) {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  public static Place fresh(Database.Engine engine) {
    return switch (engine) {
      case SQLITE -> sqlite(folder());
      case POSTGRESQL -> postgres(Postgres.shared());
    };
  }

  public static Place sqlite(Path folder) {
    return new Place(Database.Engine.SQLITE, "jdbc:sqlite:" + folder.resolve("tasks.db"), "", "");
  }

  /** A new database on a server. */
  public static Place postgres(Postgres server) {
    PGSimpleDataSource admin = server.dataSource("places");
    String name = "tasks_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
    try (Connection connection = admin.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
    String url = "jdbc:postgresql://127.0.0.1:" + admin.getPortNumbers()[0] + "/" + name;
    return new Place(
        Database.Engine.POSTGRESQL,
        url,
        String.valueOf(admin.getUser()),
        String.valueOf(admin.getPassword()));
  }

  public boolean isPostgres() {
    return engine == Database.Engine.POSTGRESQL;
  }

  public Database open() {
    return isPostgres() ? Database.open(url, user, password) : Database.open(url, null, null);
  }

  /** Past Lanyard, straight to the tables. */
  public Connection connect() throws SQLException {
    return isPostgres()
        ? DriverManager.getConnection(url, user, password)
        : DriverManager.getConnection(url);
  }

  /** The file, of a place that is one. */
  public Path file() {
    return Path.of(url.substring("jdbc:sqlite:".length()));
  }

  private static Path folder() {
    try {
      Path target = Files.createDirectories(Path.of("target", "tasks"));
      return Files.createTempDirectory(target, "place").toAbsolutePath();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
