package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 7: what is done to many tasks at once takes as long as it takes. */
class BulkTest {
  @TempDir Path directory;

  @Test
  @DisplayName("who has no more time is told that it goes on, and it does")
  void goesOn() throws Exception {
    try (Served served = Served.in(directory)) {
      served.post("/api/pause", "{}");
      String id = served.submit("{\"name\":\"A\",\"sleep\":\"1s\"}").getString("id");
      HttpResponse<String> answer;
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("tasks.db"));
          Statement statement = other.createStatement()) {
        statement.execute("begin immediate"); // nobody else writes now
        answer = served.post("/api/tasks/cancel", "{\"all\":true}", "grpc-timeout", "4S");
        statement.execute("rollback");
      }
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("it goes on here");
      served.awaitState(id, "cancelled");
    }
  }
}
