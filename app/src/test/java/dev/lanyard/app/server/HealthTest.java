package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 7: the truth about starting, draining and the end; what operators scrape. */
class HealthTest {
  @TempDir Path directory;

  @Test
  @DisplayName("not ready before the database is open, and calls are told to come again")
  void starting() throws Exception {
    try (Served served = Served.listening(directory)) {
      assertThat(served.get("/healthz").statusCode()).isEqualTo(200);
      HttpResponse<String> ready = served.get("/readyz");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(new JsonObject(ready.body()).getString("status")).isEqualTo("starting");
      HttpResponse<String> call = served.get("/api/tasks");
      assertThat(call.statusCode()).isEqualTo(503);
      assertThat(Served.header(call, "Retry-After")).isEqualTo("1");
      assertThat(served.get("/metrics").statusCode()).isEqualTo(200);
      served.server.open();
      assertThat(served.get("/readyz").statusCode()).isEqualTo(200);
      assertThat(served.get("/api/tasks").statusCode()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("not ready while it drains; it looks and cancels, but takes no tasks")
  void draining() throws Exception {
    try (Served served = Served.in(directory, "--max-timeout", "60s", "--drain", "60s")) {
      String id =
          served.submit("{\"name\":\"L\",\"sleep\":\"50s\",\"timeout\":\"55s\"}").getString("id");
      served.awaitState(id, "running");
      var drained =
          CompletableFuture.supplyAsync(() -> {
            try {
              return served.server.drain();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      HttpResponse<String> ready =
          Served.await(
              () -> {
                try {
                  return served.get("/readyz");
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              },
              response -> response.statusCode() == 503);
      assertThat(new JsonObject(ready.body()).getString("status")).isEqualTo("draining");
      assertThat(served.get("/healthz").statusCode()).isEqualTo(200);
      assertThat(served.post("/api/tasks", "{\"name\":\"N\",\"sleep\":\"0\"}").statusCode())
          .isEqualTo(503);
      assertThat(served.post("/api/tasks/" + id + "/cancel", "{}").statusCode()).isEqualTo(200);
      assertThat(drained.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  @DisplayName("what was interrupted by the end is run by the next start")
  void restart() throws Exception {
    String id;
    Path begun = directory.resolve("begun"); // only the first attempt takes long
    String command = "test -e %1$s || { touch %1$s; sleep 50; }".formatted(begun);
    String body =
        "{\"name\":\"L\",\"exec\":[\"sh\",\"-c\",\"" + command + "\"],\"timeout\":\"55s\"}";
    try (Served served = Served.in(directory, "--max-timeout", "60s", "--drain", "0")) {
      id = served.submit(body).getString("id");
      assertThat(Served.await(() -> Files.exists(begun), there -> there)).isTrue();
      assertThat(served.server.drain()).isFalse();
    }
    try (Served served = Served.in(directory, "--max-timeout", "60s")) {
      JsonObject ended = served.awaitState(id, "completed");
      assertThat(ended.getInteger("attempt")).as("the interrupted one does not count").isEqualTo(1);
      assertThat(Served.objects(served.json("/api/tasks/" + id + "/events").getJsonArray("events")))
          .extracting(event -> event.getString("type"))
          .containsExactly("submitted", "started", "lost", "started", "completed");
    }
  }

  @Test
  @DisplayName("metrics have the names that the dashboards ask for, and exemplars for OpenMetrics")
  void metrics() throws Exception {
    try (Served served = Served.in(directory)) {
      served.awaitState(
          served.submit("{\"name\":\"A\",\"exec\":[\"true\"]}").getString("id"), "completed");
      served.awaitState(
          served.submit("{\"name\":\"B\",\"exec\":[\"false\"]}").getString("id"), "failed");
      String nap = served.submit("{\"name\":\"C\",\"sleep\":\"25s\"}").getString("id");
      served.awaitState(nap, "running");
      served.post("/api/tasks/" + nap + "/cancel", "{}");
      served.awaitState(nap, "cancelled");
      String text =
          Served.await(
              () -> {
                try {
                  return served.get("/metrics").body();
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              },
              body -> body.contains("tasks_finished_total{kind=\"sleep\",state=\"cancelled\"} 1.0"));
      assertThat(text)
          .contains(
              "tasks_submitted_total{kind=\"exec\"} 2.0",
              "tasks_finished_total{kind=\"exec\",state=\"completed\"} 1.0",
              "tasks_finished_total{kind=\"exec\",state=\"failed\"} 1.0",
              "task_signal_latency_seconds_count 1",
              "task_run_seconds_count{kind=\"exec\"} 2",
              "task_wait_seconds_count{kind=\"exec\"} 2",
              "task_queue_depth{state=\"pending\"} 0.0",
              "task_queue_oldest_seconds 0.0",
              "tasks_running 0.0",
              "task_leases_lost_total 0.0",
              "task_stuck_total 0.0",
              "task_db_errors_total 0.0",
              "http_requests_seconds_count{method=\"POST\",route=\"/api/tasks\",status=\"2xx\"} 3");
      HttpResponse<String> open =
          served.send(served.request("/metrics").header("Accept", "application/openmetrics-text"));
      assertThat(Served.header(open, "Content-Type")).startsWith("application/openmetrics-text");
      assertThat(open.body()).containsPattern("task_run_seconds_bucket.* # \\{.*trace_id=\"");
    }
  }
}
