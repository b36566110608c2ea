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
    PGSimpleDataSource source = server.newDatabase("places");
    return new Place(
        Database.Engine.POSTGRESQL,
        source.getURL(),
        String.valueOf(source.getUser()),
        String.valueOf(source.getPassword()));
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

  /** As {@link #connect}, of a place on PostgreSQL. */
  public PGSimpleDataSource dataSource() {
    var source = new PGSimpleDataSource();
    source.setURL(url);
    source.setUser(user);
    source.setPassword(password);
    return source;
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
