package dev.lanyard.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanyard.databases.Commands;
import dev.lanyard.databases.ServerProcess;
import dev.lanyard.databases.Unprivileged;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * The MariaDB of this machine, if it has one, started once for all tests of this JVM on a free
 * loopback port.
 */
final class MariaDb {
  private static final Optional<Path> BINARY = find("mariadbd");
  private static final String MISSING =
      "MariaDB is not installed, so that nothing is known of it here; on Debian and Ubuntu:"
          + " apt-get install --no-install-recommends mariadb-server-core mariadb-client-core";

  private final int port = ServerProcess.freePort();
  private final String password = UUID.randomUUID().toString();

  private MariaDb(Path server) throws IOException {
    Path folder = Files.createTempDirectory("lanyard-mariadb-").toRealPath();
    Path data = Files.createDirectory(folder.resolve("data"));
    Path users = folder.resolve("users.sql");
    Files.writeString(
        users,
        """
        create user 'lanyard'@'127.0.0.1' identified by '%s';
        grant all on *.* to 'lanyard'@'127.0.0.1' with grant option;
        """
            .formatted(password));
    Unprivileged.giveAway(folder);
    Unprivileged.giveAway(data);
    Unprivileged.giveAway(users);
    Path base = server.resolve("../..").normalize();
    Commands.run(
        Unprivileged.command(
            List.of(
                find("mariadb-install-db").orElseThrow().toString(),
                "--no-defaults",
                "--basedir=" + base,
                "--datadir=" + data,
                "--skip-test-db")));
    ServerProcess.start(
        folder,
        List.of(
            server.toString(),
            "--no-defaults",
            "--basedir=" + base,
            "--datadir=" + data,
            "--bind-address=127.0.0.1",
            "--port=" + port,
            "--socket=" + folder.resolve("socket"),
            "--pid-file=" + folder.resolve("pid"),
            "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=0",
            "--init-file=" + users),
        "ready for connections");
  }

  /** Skips the test that asks, where there is no MariaDB; in CI that test fails. */
  static MariaDb shared() {
    if ("true".equals(System.getenv("CI")) && BINARY.isEmpty()) throw new AssertionError(MISSING);
    assumeTrue(BINARY.isPresent(), MISSING);
    return Shared.SERVER;
  }

  /** Plain connections to a database of that name, which is made if it is not there. */
  MariaDbDataSource dataSource(String database) throws SQLException {
    var dataSource =
        new MariaDbDataSource(
            "jdbc:mariadb://127.0.0.1:"
                + port
                + "/"
                + database
                + "?createDatabaseIfNotExist=true&allowMultiQueries=true");
    dataSource.setUser("lanyard");
    dataSource.setPassword(password);
    return dataSource;
  }

  private static Optional<Path> find(String binary) {
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Stream.of(path.split(File.pathSeparator))
        .map(folder -> Path.of(folder, binary))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts with the first test that wants it. */
  private static final class Shared {
    static final MariaDb SERVER = start();

    private static MariaDb start() {
      try {
        return new MariaDb(BINARY.orElseThrow());
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }
}
