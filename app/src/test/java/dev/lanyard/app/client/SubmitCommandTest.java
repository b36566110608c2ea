package dev.lanyard.app.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("issue 7: lanyard submit")
class SubmitCommandTest {
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  @TempDir Path directory;
  private StubServer server;
  private Shell shell;

  @BeforeEach
  void start() throws Exception {
    server = new StubServer();
    server.on(
        "POST /api/tasks",
        _ -> StubServer.Reply.json(201, Tasks.page(Tasks.task("t1", "A", "pending"))));
    shell = Shell.at(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String file(String text) throws Exception {
    return Files.writeString(directory.resolve("tasks.yaml"), text).toString();
  }

  @Test
  @DisplayName("a YAML file goes out as JSON, with what the command line adds")
  void yaml() throws Exception {
    String file =
        file(
            """
            defaults: {timeout: 3s}
            tasks:
              - {name: A, sleep: 2s, delay: 1s, priority: 2}
              - {name: 1.50, exec: [echo, "1", true]}
            """);
    assertThat(shell.run(new SubmitCommand(), file, "--delay", "10s", "--idempotency-key", "k 1"))
        .isZero();
    assertThat(server.requests.getLast().body())
        .isEqualTo(
            "{\"defaults\":{\"timeout\":\"3s\"},\"tasks\":["
                + "{\"name\":\"A\",\"sleep\":\"2s\",\"delay\":\"1s\",\"priority\":2},"
                + "{\"name\":1.50,\"exec\":[\"echo\",\"1\",true],\"delay\":\"10s\"}]}");
    assertThat(server.requests.getLast().header("Idempotency-key")).isEqualTo("k 1");
    assertThat(server.requests.getLast().header("X-request-id")).isNotBlank();
    assertThat(shell.out()).contains("t1  pending");
  }

  @Test
  @DisplayName("one task without a file; -q prints its id")
  void quick() {
    assertThat(shell.run(new SubmitCommand(), "--name", "X", "--sleep", "2s", "-q")).isZero();
    assertThat(server.requests.getLast().body()).isEqualTo("{\"name\":\"X\",\"sleep\":\"2s\"}");
    assertThat(shell.out()).isEqualTo("t1\n");
  }

  @Test
  @DisplayName("what stands behind -- is a command, whatever it looks like")
  void command() {
    int code =
        shell.run(
            new SubmitCommand(),
            "--retries",
            "2",
            "--critical",
            "--",
            "sh",
            "-c",
            "echo @x --wait");
    assertThat(code).isZero();
    assertThat(server.requests.getLast().body())
        .isEqualTo(
            "{\"name\":\"sh -c echo @x --wait\",\"exec\":[\"sh\",\"-c\",\"echo @x --wait\"],"
                + "\"retries\":2,\"critical\":true}");
  }

  @Test
  @DisplayName("--at takes a moment with or without a zone")
  void at() {
    assertThat(shell.run(new SubmitCommand(), "--sleep", "1s", "--at", "2026-12-24 18:00"))
        .isZero();
    assertThat(server.requests.getLast().body()).contains("\"at\":\"2026-12-24T18:00:00Z\"");
    assertThat(shell.run(new SubmitCommand(), "--sleep", "1s", "--at", "2026-12-24T18:00:00+01:00"))
        .isZero();
    assertThat(server.requests.getLast().body()).contains("\"at\":\"2026-12-24T17:00:00Z\"");
    assertThat(shell.run(new SubmitCommand(), "--sleep", "1s", "--at", "tomorrow")).isEqualTo(2);
  }

  @Test
  @DisplayName("neither, both, or half a task is wrong usage, and nothing is sent")
  void wrongUsage() throws Exception {
    String file = file("- {name: A, sleep: 1s}");
    String[][] all = {
      {},
      {"--name", "X"},
      {file, "--sleep", "1s"},
      {file, "--", "ls"},
      {"--sleep", "1s", "--http", "http://127.0.0.1/"},
      {file, file},
      {"nofile.yaml"},
      {"--sleep", "1s", "--request-id", "a b"}
    };
    for (String[] arguments : all) {
      assertThat(shell.run(new SubmitCommand(), arguments))
          .as("%s", (Object) arguments)
          .isEqualTo(2);
    }
    assertThat(server.requests).isEmpty();
  }

  @Test
  @DisplayName("a syntax error is found here, a wrong value by the server; both have their place")
  void places() throws Exception {
    assertThat(shell.run(new SubmitCommand(), file("- {name: A\n- b"))).isEqualTo(2);
    assertThat(shell.err()).contains("tasks.yaml:2:4: not valid YAML");
    server.on(
        "POST /api/tasks",
        _ ->
            new StubServer.Reply(
                422,
                "application/problem+json",
                """
                {"status":422,"detail":"2 problems","errors":[
                {"where":"tasks[1].timeout","message":"expected a duration"},
                {"where":"tasks[0].name","message":"expected a name"}]}\
                """));
    Shell second = Shell.at(server);
    String file = file("tasks:\n  - sleep: 1s\n  - name: B\n    timeout: 5\n");
    assertThat(second.run(new SubmitCommand(), file)).isEqualTo(4);
    assertThat(second.err())
        .contains("tasks.yaml:2:5: tasks[0].name: expected a name\n")
        .contains("tasks.yaml:4:14: expected a duration\n");
  }

  @Test
  @DisplayName("--wait follows the tasks of this request and ends as they did")
  void waits() throws Exception {
    server.on(
        "POST /api/tasks",
        request -> {
          String id = String.valueOf(request.header("X-request-id"));
          server.event("task", 1, Tasks.event("t9", "Other", "started", "running", "req-other"));
          server.event("task", 2, Tasks.event("t1", "A", "started", "running", id));
          server.event("progress", null, Tasks.event("t1", "A", "progress", "running", id));
          server.event("task", 3, Tasks.event("t1", "A", "completed", "completed", id));
          // An answer that comes before the events is tried elsewhere.
          awaitLine("✅ Completed: A");
          return StubServer.Reply.json(
              200, Tasks.page(Tasks.task("t1", "A", "completed"), Tasks.task("t2", "B", "failed")));
        });
    int code = shell.run(new SubmitCommand(), "--sleep", "1s", "--wait=30s", "--request-id", "r1");
    assertThat(code).isEqualTo(1);
    assertThat(server.calls()).contains("GET /api/events?request=r1", "POST /api/tasks?wait=30s");
    assertThat(shell.out())
        .isEqualTo(
            """
            [r1] Starting task: A (Priority: 1)
            [r1] ✅ Completed: A
            ❌ Failed: B - Reason: disk full
            """);
  }

  @Test
  @DisplayName("--wait tells ends that were in no event, of tasks that events told of or not")
  void answerFirst() {
    server.on(
        "POST /api/tasks",
        _ -> StubServer.Reply.json(200, Tasks.page(Tasks.task("t1", "A", "completed"))));
    assertThat(shell.run(new SubmitCommand(), "--sleep", "1s", "--wait=30s")).isZero();
    assertThat(shell.out()).isEqualTo("✅ Completed: A\n");
  }

  private void awaitLine(String part) {
    long begun = System.nanoTime();
    while (!shell.out().contains(part)) {
      assertThat(System.nanoTime() - begun).as("waiting for " + part).isLessThan(PATIENCE_NANOS);
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Test
  @DisplayName("--wait needs no stream of events; tasks that go on are said")
  void waitIsOver() {
    server.on("GET /api/events", _ -> StubServer.Reply.problem(404, "none"));
    server.on(
        "POST /api/tasks",
        _ -> StubServer.Reply.json(202, Tasks.page(Tasks.task("t1", "A", "running"))));
    int code =
        shell.run(new SubmitCommand(), "--sleep", "1s", "--wait", "1s", "--request-id", "r1");
    assertThat(code).isEqualTo(1);
    assertThat(server.calls()).containsOnlyOnce("GET /api/events?request=r1");
    assertThat(shell.err()).contains("1 of 1 not ended after 1s", "lanyard ls --request r1");
  }

  @Test
  @DisplayName("a long wait comes in pieces under one key, and ends with the tasks")
  void pieces() {
    server.on(
        "POST /api/tasks",
        _ ->
            server.calls().stream().filter(call -> call.startsWith("POST")).count() < 3
                ? StubServer.Reply.json(202, Tasks.page(Tasks.task("t1", "A", "running")))
                : StubServer.Reply.json(200, Tasks.page(Tasks.task("t1", "A", "completed"))));
    assertThat(shell.run(new SubmitCommand(), "--sleep", "1s", "--wait", "-q")).isZero();
    assertThat(server.calls())
        .containsExactly(
            "POST /api/tasks?wait=5m", "POST /api/tasks?wait=5m", "POST /api/tasks?wait=5m");
    assertThat(
            server.requests.stream().map(request -> request.header("Idempotency-key")).distinct())
        .hasSize(1)
        .doesNotContainNull();
  }

  @Test
  @DisplayName("a server that shuts down does not end the wait: it is asked again when it is back")
  void serverRestarts() {
    Iterator<StubServer.Reply> replies =
        List.of(
                StubServer.Reply.json(202, Tasks.page(Tasks.task("t1", "A", "running"))),
                StubServer.Reply.problem(503, "the server is shutting down"),
                StubServer.Reply.json(200, Tasks.page(Tasks.task("t1", "A", "completed"))))
            .iterator();
    server.on("POST /api/tasks", _ -> replies.next());
    assertThat(shell.run(new SubmitCommand(), "--sleep", "1s", "--wait", "30s", "-q")).isZero();
    assertThat(server.requests).hasSize(3);
    assertThat(
            server.requests.stream().map(request -> request.header("Idempotency-key")).distinct())
        .as("the tasks are those of the first request")
        .hasSize(1)
        .doesNotContainNull();
  }

  @Test
  @DisplayName("a server that says no, first or later, is not asked again")
  void refused() {
    server.on("POST /api/tasks", _ -> StubServer.Reply.problem(503, "the server is starting"));
    assertThat(shell.run(new SubmitCommand(), "--sleep", "1s", "--wait", "30s", "-q")).isEqualTo(5);
    assertThat(server.requests).hasSize(1);
    Iterator<StubServer.Reply> replies =
        List.of(
                StubServer.Reply.json(202, Tasks.page(Tasks.task("t1", "A", "running"))),
                StubServer.Reply.problem(422, "this key was used for another body"))
            .iterator();
    server.on("POST /api/tasks", _ -> replies.next());
    assertThat(shell.run(new SubmitCommand(), "--sleep", "1s", "--wait", "30s", "-q")).isEqualTo(4);
    assertThat(server.requests).hasSize(3);
  }
}
