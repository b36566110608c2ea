package dev.lanyard.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.databases.Postgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Issue 7: the packaged program as a server, and as its own client. */
class ServeIT {
  @TempDir Path directory;

  private Program serve(List<String> database) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("serve", "--listen", "127.0.0.1:0"));
    arguments.addAll(database);
    return Program.start(directory, arguments.toArray(String[]::new));
  }

  private static String address(Program server) throws Exception {
    return server.awaitLine("Listening: ").substring("Listening: ".length());
  }

  private String client(int exitCode, String... arguments) throws Exception {
    try (Program client = Program.start(directory, arguments)) {
      String output = client.output();
      assertThat(client.exitCode()).as(output).isEqualTo(exitCode);
      return output;
    }
  }

  /** From the first task to a kill in the middle of another one, and the end of that. */
  private void lives(List<String> database) throws Exception {
    String tasks =
        Program.file(directory, "tasks.yaml", "- {name: Greet, exec: [echo, hello]}")
            .getFileName()
            .toString();
    String slow =
        Program.file(directory, "slow.yaml", "- {name: Slow, sleep: 2s}").getFileName().toString();
    try (Program server = serve(database)) {
      String here = address(server);
      assertThat(client(0, "submit", tasks, "--server", here, "--wait"))
          .contains("Completed: Greet");
      assertThat(client(0, "ls", "--server", here, "--json"))
          .contains("\"name\":\"Greet\"", "\"state\":\"completed\"");
      assertThat(client(0, "submit", slow, "--server", here)).contains("Slow");
      server.signal("KILL");
      assertThat(server.exitCode()).isEqualTo(137);
    }
    try (Program server = serve(database)) {
      String here = address(server);
      String[] ask = {"ls", "--server", here, "--json", "--state", "completed"};
      String answer = client(0, ask);
      // Bounded by the patience of the test; each look is a process of its own.
      for (int looks = 0; looks < 100 && !answer.contains("Slow"); looks++) answer = client(0, ask);
      assertThat(answer).contains("\"name\":\"Slow\"");
      server.signal("TERM");
      assertThat(server.output()).doesNotContain("WARN", "Exception");
      assertThat(server.exitCode()).isZero();
    }
  }

  @Test
  @DisplayName("on SQLite: a task is done, and one that was killed with its server is done again")
  void sqlite() throws Exception {
    lives(List.of("--db", "jdbc:sqlite:" + directory.resolve("tasks.db")));
  }

  @Test
  @DisplayName("on PostgreSQL: the same")
  void postgres() throws Exception {
    PGSimpleDataSource place = Postgres.shared().newDatabase("serve");
    String url =
        "jdbc:postgresql://127.0.0.1:" + place.getPortNumbers()[0] + "/" + place.getDatabaseName();
    String settings =
        "db: %s\ndb-user: %s\ndb-password: \"%s\"\n"
            .formatted(url, place.getUser(), place.getPassword());
    lives(List.of("--config", Program.file(directory, "serve.yaml", settings).toString()));
  }
}
