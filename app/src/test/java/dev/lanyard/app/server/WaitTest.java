package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 7: {@code ?wait=} binds tasks to the request that submits them. */
class WaitTest {
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

  @Test
  @DisplayName("answered when all have ended")
  void ended() throws Exception {
    HttpResponse<String> response =
        served.post(
            "/api/tasks?wait=30s",
            "[{\"name\":\"A\",\"sleep\":\"1ms\"},{\"name\":\"B\",\"exec\":[\"false\"]}]");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Served.objects(new JsonObject(response.body()).getJsonArray("tasks")))
        .extracting(task -> task.getString("state"))
        .containsExactly("completed", "failed");
  }

  @Test
  @DisplayName("when the wait is over, the tasks go on")
  void waitIsOver() throws Exception {
    HttpResponse<String> response =
        served.post(
            "/api/tasks?wait=50ms",
            "{\"id\":\"s\",\"name\":\"S\",\"sleep\":\"30s\",\"timeout\":\"50s\"}");
    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(served.awaitState("s", "running").getString("cancelRequestedAt")).isNull();
  }

  @Test
  @DisplayName("a client that leaves cancels its tasks, running and waiting, and says so")
  void clientLeaves() throws Exception {
    String body =
        "[{\"id\":\"a\",\"name\":\"A\",\"sleep\":\"50s\",\"timeout\":\"55s\"},"
            + "{\"id\":\"b\",\"name\":\"B\",\"sleep\":\"1s\",\"delay\":\"1h\"}]";
    try (Socket client = new Socket(served.address().host(), served.address().port())) {
      client
          .getOutputStream()
          .write(
              ("POST /api/tasks?wait=60s HTTP/1.1\r\nHost: localhost\r\n"
                      + "Content-Type: application/json\r\nX-Request-ID: r-1\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.UTF_8));
      Served.await(
          () -> served.json("/api/tasks?request=r-1&state=running"),
          page -> page.getInteger("total") == 1);
    }
    JsonObject running = served.awaitState("a", "cancelled");
    assertThat(running.getString("cancelCause")).isEqualTo("the client has left");
    assertThat(running.getString("cancelBy")).isEqualTo("request r-1");
    assertThat(served.awaitState("b", "cancelled").getString("cancelCause"))
        .isEqualTo("the client has left");
  }
}
