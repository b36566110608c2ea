package dev.lanyard.durable;

import dev.lanyard.databases.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/** A database of a test's own: a file, or a schema of its own in the shared server. */
enum Databases {
  SQLITE {
    @Override
    Place newPlace() {
      try {
        Path file = Files.createTempDirectory("lanyard-durable-").resolve("tasks.db");
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        return new Place(() -> Database.sqlite(file), source);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  },
  POSTGRESQL {
    @Override
    Place newPlace() {
      String schema = "durable" + COUNT.incrementAndGet();
      PGSimpleDataSource server = Postgres.shared().dataSource("durable");
      try (Connection connection = server.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("create schema " + schema);
      } catch (SQLException failed) {
        throw new IllegalStateException(failed);
      }
      server.setCurrentSchema(schema);
      String url = server.getURL();
      return new Place(() -> Database.open(url, server.getUser(), server.getPassword()), server);
    }
  };

  private static final AtomicInteger COUNT = new AtomicInteger();

  abstract Place newPlace();

  /** Where a database is, to be opened as often as one likes. */
  record Place(Opener opener, DataSource plain) {
    Database open() {
      return opener.open();
    }
  }

  interface Opener {
    Database open();
  }
}
