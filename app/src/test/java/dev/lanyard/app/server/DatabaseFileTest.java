package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanyard.durable.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 7: the file that tasks are kept in. */
class DatabaseFileTest {
  @TempDir Path directory;

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  @DisplayName("others of this machine read neither the data directory nor the files in it")
  void privateFile() throws Exception {
    assumeTrue(
        directory.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "the file system knows no permissions");
    Path data = directory.resolve("new").resolve("data");
    try (Served served = Served.in(data)) {
      served.submit("{\"name\":\"Secret\",\"sleep\":\"0\"}");
      assertThat(permissions(data)).isEqualTo("rwx------");
      assertThat(permissions(data.resolve("tasks.db"))).isEqualTo("rw-------");
      assertThat(permissions(data.resolve("tasks.db-wal"))).isEqualTo("rw-------");
    }
  }

  @Test
  @DisplayName("what somebody made before keeps the permissions that he gave it")
  void permissionsAreKept() throws Exception {
    assumeTrue(
        directory.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "the file system knows no permissions");
    Path file = Files.createFile(directory.resolve("tasks.db"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    try (Served _ = Served.in(directory)) {
      assertThat(permissions(file)).isEqualTo("rw-r-----");
    }
  }

  @Test
  @DisplayName("a database that fails after it was opened is told in a line, and let go")
  void failsLater() throws Exception {
    Served.in(directory).close();
    Path file = directory.resolve("tasks.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("alter table lanyard_task_event rename to task_event_away");
    }
    try (Served served = Served.listening(directory)) {
      assertThatThrownBy(served.server::open)
          .isInstanceOf(TaskServer.NotStarted.class)
          .hasMessageContaining("lanyard_task_event");
      Database.sqlite(file).close(); // it would be locked
    }
  }
}
