package dev.lanyard.durable;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * Brings the tables up to date, forward only, while several nodes start at once. Flyway has a lock
 * of its own, but looks before it takes it whether the schema is empty: who looks while another
 * makes the tables fails. So on a server a lock is held around all of it. The scripts are handed to
 * it one by one and not searched for: a search of the class path does not see into modules.
 */
final class Migrations {
  private static final List<String> SCRIPTS = List.of("V1__tasks");

  /** The letters of "lanyard". */
  private static final long LOCK = 0x6c_61_6e_79_61_72_64L;

  private Migrations() {}

  static void run(DataSource dataSource, Database.Engine engine) throws SQLException {
    if (engine == Database.Engine.SQLITE) {
      migrate(dataSource, engine); // the lock file is held
      return;
    }
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        // Of the transaction, not of the session: it also holds behind a pooler of transactions.
        statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
        migrate(dataSource, engine);
      } finally {
        connection.rollback();
        connection.setAutoCommit(autoCommit);
      }
    }
  }

  private static void migrate(DataSource dataSource, Database.Engine engine) {
    try {
      Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(dataSource)
          .table("lanyard_schema")
          .resourceProvider(new Scripts(engine))
          .locations(new String[0])
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .cleanDisabled(true)
          .load()
          .migrate();
    } catch (FlywayException failed) {
      throw new StoreException(
          "the tables for tasks could not be brought up to date: " + failed.getMessage(), failed);
    }
  }

  private static final class Scripts implements ResourceProvider {
    private final List<LoadableResource> all;

    Scripts(Database.Engine engine) {
      all =
          SCRIPTS.stream()
              .<LoadableResource>map(
                  name -> new Script(name, engine.name().toLowerCase(Locale.ROOT)))
              .toList();
    }

    @Override
    public @Nullable LoadableResource getResource(String name) {
      return all.stream().filter(each -> each.getFilename().equals(name)).findFirst().orElse(null);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
      return all.stream()
          .filter(each -> each.getFilename().startsWith(prefix))
          .filter(each -> Arrays.stream(suffixes).anyMatch(each.getFilename()::endsWith))
          .toList();
    }
  }

  private static final class Script extends LoadableResource {
    private final String name;
    private final String text;

    Script(String name, String engine) {
      this.name = name + ".sql";
      // The hyphens keep the folder from being a package, which a module would not let others read.
      String path = "/dev-lanyard-durable/" + name + "." + engine + ".sql";
      try (InputStream in =
          Objects.requireNonNull(Migrations.class.getResourceAsStream(path), path)) {
        text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }

    @Override
    public Reader read() {
      return new StringReader(text);
    }

    @Override
    public String getAbsolutePath() {
      return name;
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return name;
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }
}
