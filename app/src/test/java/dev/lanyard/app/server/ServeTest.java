package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 7: the interface over a real server. */
class ServeTest {
  @TempDir Path directory;
  private Served served;

  @BeforeEach
  void serve() throws Exception {
    served = Served.in(directory, "--workers", "2", "--max-timeout", "30s");
  }

  @AfterEach
  void stop() {
    served.close();
  }

  @Test
  @DisplayName("a task is accepted, runs and is shown with its story and attempts")
  void submitAndShow() throws Exception {
    HttpResponse<String> response =
        served.post("/api/tasks", "{\"name\":\"Nap\",\"sleep\":\"5ms\",\"priority\":2}");
    assertThat(response.statusCode()).isEqualTo(201);
    JsonObject task = new JsonObject(response.body()).getJsonArray("tasks").getJsonObject(0);
    String id = task.getString("id");
    assertThat(Served.header(response, "Location")).isEqualTo("/api/tasks/" + id);
    assertThat(task.getString("name")).isEqualTo("Nap");
    assertThat(task.getInteger("priority")).isEqualTo(2);
    assertThat(task.getString("root")).isEqualTo(id);
    assertThat(task.getString("requestId")).isEqualTo(Served.header(response, "X-Request-ID"));
    assertThat(task.getString("createdAt")).matches("\\d{4}-.*T.*\\.\\d{3}Z");
    JsonObject ended = served.awaitState(id, "completed");
    assertThat(ended.getInteger("progress")).isEqualTo(100);
    assertThat(ended.getString("finishedAt")).isNotNull();
    List<String> story =
        Served.objects(served.json("/api/tasks/" + id + "/events").getJsonArray("events")).stream()
            .map(event -> event.getString("type"))
            .toList();
    assertThat(story).containsExactly("submitted", "started", "completed");
    JsonArray attempts = served.json("/api/tasks/" + id + "/attempts").getJsonArray("attempts");
    assertThat(attempts).hasSize(1);
    assertThat(attempts.getJsonObject(0).getString("outcome")).isEqualTo("completed");
    assertThat(attempts.getJsonObject(0).getInteger("attempt")).isEqualTo(1);
  }

  @Test
  @DisplayName("what a command printed is kept, also in full lists; a nap has printed nothing")
  void output() throws Exception {
    String id = served.submit("{\"name\":\"Hello\",\"exec\":[\"echo\",\"hello\"]}").getString("id");
    served.awaitState(id, "completed");
    HttpResponse<String> output = served.get("/api/tasks/" + id + "/output");
    assertThat(output.statusCode()).isEqualTo(200);
    assertThat(output.body()).isEqualTo("hello\n");
    assertThat(Served.header(output, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
    JsonObject full =
        served.json("/api/tasks?full=true&kind=exec").getJsonArray("tasks").getJsonObject(0);
    assertThat(full.getJsonObject("result").getString("text")).isEqualTo("hello\n");
    String failing =
        served
            .submit("{\"name\":\"F\",\"exec\":[\"sh\",\"-c\",\"echo why; exit 3\"]}")
            .getString("id");
    served.awaitState(failing, "failed");
    assertThat(served.get("/api/tasks/" + failing + "/output").body()).isEqualTo("why\n");
    String nap = served.submit("{\"name\":\"Nap\",\"sleep\":\"0\"}").getString("id");
    served.awaitState(nap, "completed");
    assertThat(served.get("/api/tasks/" + nap + "/output").statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("lists are filtered, ordered, cut into parts and counted")
  void list() throws Exception {
    served.post("/api/pause", "{}");
    var tasks = new StringBuilder("{\"tasks\":[");
    for (int i = 0; i < 7; i++) {
      tasks.append(i == 0 ? "" : ",");
      tasks.append("{\"name\":\"Job %d\",\"sleep\":\"1s\",\"priority\":%d}".formatted(i, 7 - i));
    }
    served.submitAll(tasks.append("]}").toString());
    JsonObject first = served.json("/api/tasks?order=urgent&limit=3&state=pending");
    assertThat(first.getInteger("total")).isEqualTo(7);
    assertThat(names(first)).containsExactly("Job 6", "Job 5", "Job 4");
    assertThat(first.getJsonArray("tasks").getJsonObject(0).containsKey("payload")).isFalse();
    JsonObject next =
        served.json(
            "/api/tasks?order=urgent&limit=3&state=pending&cursor=" + first.getString("next"));
    assertThat(names(next)).containsExactly("Job 3", "Job 2", "Job 1");
    assertThat(names(served.json("/api/tasks?q=jOB%205"))).containsExactly("Job 5");
    assertThat(names(served.json("/api/tasks?name=Job%201&state=pending,running")))
        .containsExactly("Job 1");
    assertThat(served.json("/api/tasks?state=failed").getJsonArray("tasks")).isEmpty();
  }

  private static List<String> names(JsonObject page) {
    return Served.objects(page.getJsonArray("tasks")).stream()
        .map(task -> task.getString("name"))
        .toList();
  }

  @Test
  @DisplayName("cancelling a task cancels its tree, with the cause; again is a conflict")
  void cancel() throws Exception {
    List<JsonObject> tasks =
        served.submitAll(
            """
            {"tasks":[{"id":"top","name":"Top","sleep":"20s","timeout":"30s"},
                      {"name":"Below","sleep":"20s","timeout":"30s","parent":"top"}]}
            """);
    String child = tasks.get(1).getString("id");
    served.awaitState("top", "running");
    served.awaitState(child, "running");
    HttpResponse<String> response = served.post("/api/tasks/top/cancel", "{\"cause\":\"enough\"}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonObject ended = served.awaitState("top", "cancelled");
    assertThat(ended.getString("cancelCause")).isEqualTo("enough");
    assertThat(ended.getString("cancelBy")).isEqualTo("api");
    served.awaitState(child, "cancelled");
    assertThat(served.json("/api/tasks/" + child + "/tree").getJsonArray("tasks"))
        .hasSize(2)
        .first()
        .matches(first -> ((JsonObject) first).getString("id").equals("top"));
    HttpResponse<String> again = served.post("/api/tasks/top/cancel", "");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(new JsonObject(again.body()).getString("type")).isEqualTo("/problems/ended");
  }

  @Test
  @DisplayName("a critical task gets more time; another one does not")
  void extend() throws Exception {
    served.submitAll(
        """
        [{"id":"c","name":"Critical","sleep":"20s","timeout":"25s","critical":true},
         {"id":"n","name":"Not","sleep":"20s","timeout":"25s"}]
        """);
    String before = served.awaitState("c", "running").getString("deadline");
    HttpResponse<String> response = served.post("/api/tasks/c/extend", "{\"by\":\"30s\"}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(new JsonObject(response.body()).getString("deadline")).isGreaterThan(before);
    served.awaitState("n", "running");
    assertThat(served.post("/api/tasks/n/extend", "{\"by\":\"30s\"}").statusCode()).isEqualTo(409);
    assertThat(served.post("/api/tasks/c/extend", "{\"by\":\"1h\"}").statusCode()).isEqualTo(409);
    assertThat(served.post("/api/tasks/c/extend", "{}").statusCode()).isEqualTo(422);
    assertThat(served.post("/api/tasks/x/extend", "{\"by\":\"1s\"}").statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("what failed runs again; what completed does not")
  void retry() throws Exception {
    served.submitAll(
        "[{\"id\":\"f\",\"name\":\"F\",\"exec\":[\"false\"]},{\"id\":\"t\",\"name\":\"T\",\"exec\":[\"true\"]}]");
    served.awaitState("f", "failed");
    served.awaitState("t", "completed");
    assertThat(served.post("/api/tasks/t/retry", "{}").statusCode()).isEqualTo(409);
    assertThat(served.post("/api/tasks/f/retry", "{}").statusCode()).isEqualTo(200);
    JsonObject ended = served.awaitState("f", "failed");
    assertThat(ended.getString("error")).contains("exit code 1");
    assertThat(served.post("/api/tasks/retry", "{\"filter\":{\"state\":[\"failed\"]}}").body())
        .isEqualTo("{\"retried\":1}");
  }

  @Test
  @DisplayName("a bulk cancel takes what the filter says; an empty filter must be meant")
  void bulk() throws Exception {
    served.post("/api/pause", "{}");
    served.submitAll("[{\"name\":\"A\",\"sleep\":\"1s\"},{\"name\":\"A\",\"sleep\":\"1s\"}]");
    served.submit("{\"name\":\"B\",\"exec\":[\"true\"]}");
    HttpResponse<String> unmeant = served.post("/api/tasks/cancel", "{\"filter\":{}}");
    assertThat(unmeant.statusCode()).isEqualTo(422);
    assertThat(unmeant.body()).contains("every task");
    assertThat(served.post("/api/tasks/cancel", "{\"filter\":{\"kind\":\"sleep\"}}").body())
        .isEqualTo("{\"cancelled\":2}");
    assertThat(served.post("/api/tasks/cancel", "{\"all\":true}").body())
        .isEqualTo("{\"cancelled\":1}");
  }

  @Test
  @DisplayName("a pause holds tasks back; figures and nodes say so")
  void pauseAndResume() throws Exception {
    JsonObject paused = new JsonObject(served.post("/api/pause", "{}").body());
    assertThat(paused.getBoolean("paused")).isTrue();
    String id = served.submit("{\"name\":\"Later\",\"sleep\":\"0\"}").getString("id");
    JsonObject stats =
        Served.await(
            () -> served.json("/api/stats"),
            figures -> figures.getJsonObject("states").getInteger("pending") == 1);
    assertThat(stats.getString("store")).isEqualTo("sqlite");
    assertThat(served.task(id).getString("state")).isEqualTo("pending");
    JsonObject resumed = new JsonObject(served.post("/api/resume", "{}").body());
    assertThat(resumed.getBoolean("paused")).isFalse();
    served.awaitState(id, "completed");
    JsonObject node = served.json("/api/nodes").getJsonArray("nodes").getJsonObject(0);
    assertThat(node.getBoolean("self")).isTrue();
    assertThat(node.getInteger("slots")).isEqualTo(2);
    assertThat(node.getString("id")).isEqualTo(stats.getString("node"));
    JsonObject series = served.json("/api/series?minutes=5");
    assertThat(series.getJsonArray("points")).hasSize(5);
    assertThat(series.getJsonArray("points").getJsonObject(4).getInteger("completed")).isEqualTo(1);
  }

  @Test
  @DisplayName("a task waits for its moment; a key is unique while its task has not ended")
  void terms() throws Exception {
    JsonObject later =
        served.submit("{\"name\":\"L\",\"sleep\":\"0\",\"delay\":\"1h\",\"unique\":\"one\"}");
    assertThat(later.getString("state")).isEqualTo("scheduled");
    assertThat(later.getString("uniqueKey")).isEqualTo("one");
    HttpResponse<String> same =
        served.post("/api/tasks", "{\"name\":\"M\",\"sleep\":\"0\",\"unique\":\"one\"}");
    assertThat(same.statusCode()).isEqualTo(409);
    assertThat(new JsonObject(same.body()).getString("type")).isEqualTo("/problems/duplicate-key");
    assertThat(same.body()).contains(later.getString("id"));
    assertThat(
            served
                .submit("{\"name\":\"Y\",\"sleep\":\"0\",\"at\":\"2099-01-01T00:00:00+01:00\"}")
                .getString("runAt"))
        .isEqualTo("2098-12-31T23:00:00.000Z");
  }

  @Test
  @DisplayName("all that is wrong with a body is said at once, by its path")
  void mistakes() throws Exception {
    HttpResponse<String> response =
        served.post(
            "/api/tasks",
            """
            {"tasks":[{"name":"A","sleep":"1s"},
                      {"name":"B","sleep":"soon","at":"tomorrow"},
                      {"sleep":"1s","timeout":"2h","prority":3}]}
            """);
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(Served.header(response, "Content-Type")).isEqualTo("application/problem+json");
    JsonObject problem = new JsonObject(response.body());
    assertThat(problem.getString("type")).isEqualTo("/problems/invalid");
    List<String> where =
        Served.objects(problem.getJsonArray("errors")).stream()
            .map(mistake -> mistake.getString("where"))
            .toList();
    assertThat(where)
        .containsExactlyInAnyOrder(
            "tasks[1].sleep", "tasks[1].at", "tasks[2]", "tasks[2].timeout", "tasks[2].prority");
    assertThat(problem.getString("detail")).contains("5 problems");
    assertThat(served.json("/api/tasks").getInteger("total")).isZero();
  }

  @Test
  @DisplayName("the same key with the same body is done once, with another body refused")
  void idempotency() throws Exception {
    String body = "{\"name\":\"Once\",\"sleep\":\"0\"}";
    HttpResponse<String> first = served.post("/api/tasks", body, "Idempotency-Key", "k-1");
    HttpResponse<String> again = served.post("/api/tasks", body, "Idempotency-Key", "k-1");
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(Served.header(again, "Idempotency-Replayed")).isEqualTo("true");
    assertThat(Served.header(again, "Location")).isEqualTo(Served.header(first, "Location"));
    assertThat(served.json("/api/tasks").getInteger("total")).isEqualTo(1);
    HttpResponse<String> other =
        served.post("/api/tasks", body.replace("Once", "Twice"), "Idempotency-Key", "k-1");
    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(served.post("/api/tasks", "{}", "Idempotency-Key", "k-2").statusCode())
        .isEqualTo(422);
    assertThat(served.post("/api/tasks", body, "Idempotency-Key", "k-2").statusCode())
        .as("a request that failed leaves its key free")
        .isEqualTo(201);
    served.close();
    served = Served.in(directory);
    HttpResponse<String> later = served.post("/api/tasks", body, "Idempotency-Key", "k-1");
    assertThat(Served.header(later, "Location"))
        .as("keys outlive the process")
        .isEqualTo(Served.header(first, "Location"));
  }

  @Test
  @DisplayName("of many who say the same at once, with one key, one is first")
  void idempotencyAtOnce() throws Exception {
    String body = "{\"name\":\"Once\",\"sleep\":\"0\"}";
    List<CompletableFuture<String>> answers =
        IntStream.range(0, 20)
            .mapToObj(_ ->
                CompletableFuture.supplyAsync(() -> {
                  try {
                    return Served.header(
                        served.post("/api/tasks", body, "Idempotency-Key", "k"), "Location");
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                }))
            .toList();
    assertThat(answers.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    assertThat(served.json("/api/tasks").getInteger("total")).isEqualTo(1);
  }

  @Test
  @DisplayName("a task that asks another service takes it into its trace")
  void tracedOn() throws Exception {
    var heard = new CompletableFuture<Headers>();
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          heard.complete(exchange.getRequestHeaders());
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    other.start();
    try {
      String url = "http://127.0.0.1:" + other.getAddress().getPort() + "/";
      HttpResponse<String> response =
          served.post(
              "/api/tasks",
              "{\"name\":\"Ask\",\"http\":{\"url\":\"" + url + "\"}}",
              "X-Request-ID",
              "asked-by-me",
              "traceparent",
              "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
      assertThat(response.statusCode()).isEqualTo(201);
      Headers headers = heard.get(60, TimeUnit.SECONDS);
      assertThat(headers.getFirst("X-Request-ID")).isEqualTo("asked-by-me");
      assertThat(headers.getFirst("traceparent"))
          .startsWith("00-0af7651916cd43dd8448eb211c80319c-")
          .doesNotContain("b7ad6b7169203331");
    } finally {
      other.stop(0);
    }
  }

  @Test
  @DisplayName("the trace of a request is stored with its tasks")
  void trace() throws Exception {
    String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    HttpResponse<String> response =
        served.post(
            "/api/tasks",
            "{\"name\":\"T\",\"exec\":[\"true\"]}",
            "traceparent",
            parent,
            "X-Request-ID",
            "req-77");
    JsonObject task = new JsonObject(response.body()).getJsonArray("tasks").getJsonObject(0);
    assertThat(task.getString("traceId")).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(task.getString("traceparent"))
        .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
        .doesNotContain("00f067aa0ba902b7");
    assertThat(task.getString("requestId")).isEqualTo("req-77");
    assertThat(names(served.json("/api/tasks?request=req-77"))).containsExactly("T");
  }

  @Test
  @DisplayName("a misspelt parameter is refused with the one that was meant")
  void queries() throws Exception {
    HttpResponse<String> response = served.get("/api/tasks?sate=failed&limit=0&state=runing");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .contains("did you mean state?", "1 to 500", "did you mean running?");
    assertThat(served.get("/api/tasks?cursor=nonsense").statusCode()).isEqualTo(400);
  }
}
