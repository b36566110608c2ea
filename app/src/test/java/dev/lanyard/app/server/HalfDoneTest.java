package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 7: a database that fails behind the point of no return makes no answer untrue. */
class HalfDoneTest {
  private static final Logger LOGGER = Logger.getLogger(PatientCancel.class.getName());
  private static final String AWAY = "alter table lanyard_task rename to task_away";
  private static final String BACK = "alter table task_away rename to lanyard_task";

  @TempDir Path directory;
  private Served served;

  @BeforeEach
  void serve() throws Exception {
    served = Served.in(directory, "--max-timeout", "60s");
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private void database(String statement) throws SQLException {
    String url = "jdbc:sqlite:" + directory.resolve("tasks.db") + "?busy_timeout=20000";
    try (Connection connection = DriverManager.getConnection(url);
        Statement one = connection.createStatement()) {
      one.execute(statement);
    }
  }

  @Test
  @DisplayName("tasks that were accepted and are waited for are answered with 202, not refused")
  void accepted() throws Exception {
    String body = "{\"id\":\"a\",\"name\":\"A\",\"sleep\":\"50s\",\"timeout\":\"55s\"}";
    var answer =
        CompletableFuture.supplyAsync(() -> {
          try {
            return served.post("/api/tasks?wait=5s", body);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    Served.await(
        () -> served.json("/api/tasks?state=running"), page -> page.getInteger("total") == 1);
    database(AWAY);
    HttpResponse<String> response = answer.get(30, TimeUnit.SECONDS);
    database(BACK);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    JsonObject task = new JsonObject(response.body()).getJsonArray("tasks").getJsonObject(0);
    assertThat(task.getString("id")).isEqualTo("a");
    assertThat(served.task("a").getString("cancelRequestedAt")).as("it goes on").isNull();
  }

  @Test
  @DisplayName("a pause that was written is not said to be none")
  void paused() throws Exception {
    database(AWAY);
    HttpResponse<String> response = served.post("/api/pause", "{}");
    database(BACK);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("no node takes tasks any more", "/problems/database");
    assertThat(served.json("/api/stats").getBoolean("paused")).isTrue();
  }

  @Test
  @DisplayName(
      "a client that leaves while the database takes nothing cancels its tasks when it does again")
  void leavesMeanwhile() throws Exception {
    var failed = new CountDownLatch(1);
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            if (record.getMessage().contains("cannot be cancelled")) failed.countDown();
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    LOGGER.addHandler(handler);
    try {
      String body =
          "[{\"id\":\"a\",\"name\":\"A\",\"sleep\":\"50s\",\"timeout\":\"55s\"},"
              + "{\"id\":\"b\",\"name\":\"B\",\"sleep\":\"1s\",\"delay\":\"1h\"}]";
      try (Socket client = new Socket(served.address().host(), served.address().port())) {
        String head =
            "POST /api/tasks?wait=60s HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n";
        client.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
        Served.await(
            () -> served.json("/api/tasks?state=running"), page -> page.getInteger("total") == 1);
        database(
            "create trigger refusing before update on lanyard_task begin select raise(abort, 'no'); end");
      }
      assertThat(failed.await(30, TimeUnit.SECONDS)).as("it was tried").isTrue();
      database("drop trigger refusing");
      for (String id : List.of("a", "b")) {
        assertThat(served.awaitState(id, "cancelled").getString("cancelCause"))
            .isEqualTo(BoundTasks.LEFT);
      }
    } finally {
      LOGGER.removeHandler(handler);
    }
  }
}
