package dev.lanyard.app.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("issue 7: lanyard watch")
class WatchCommandTest {
  private StubServer server;
  private Shell shell;

  @BeforeEach
  void start() throws Exception {
    server = new StubServer();
    shell = Shell.at(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** The task is asked for so often before it has ended. */
  private void task(int asks, String end) {
    AtomicInteger left = new AtomicInteger(asks);
    server.on(
        "GET /api/tasks/t1",
        _ ->
            StubServer.Reply.json(
                200, Tasks.task("t1", "A", left.getAndDecrement() > 0 ? "running" : end)));
  }

  @Test
  @DisplayName("a task that has ended is told and nothing is followed")
  void ended() {
    task(0, "failed");
    assertThat(shell.run(new WatchCommand(), "t1")).isEqualTo(1);
    assertThat(shell.out()).isEqualTo("❌ Failed: A - Reason: disk full\n");
    assertThat(server.calls()).containsExactly("GET /api/tasks/t1");
  }

  @Test
  @DisplayName("events are told until the task's own end")
  void follows() {
    task(2, "completed");
    server.event("task", 5, Tasks.event("t1", "A", "started", "running", "r"));
    server.event("progress", null, Tasks.event("t1", "A", "progress", "running", "r"));
    server.event("task", 6, Tasks.event("t1-child", "B", "failed", "failed", "r"));
    server.event("task", 7, Tasks.event("t1", "A", "completed", "completed", "r"));
    assertThat(shell.run(new WatchCommand(), "t1")).isZero();
    assertThat(shell.out()).isEqualTo("[r] Starting task: A (Priority: 1)\n[r] ✅ Completed: A\n");
    assertThat(server.calls())
        .containsExactly(
            "GET /api/tasks/t1",
            "GET /api/events?task=t1",
            "GET /api/tasks/t1",
            "GET /api/tasks/t1");
  }

  @Test
  @DisplayName("an end between the first look and the stream is not missed")
  void gap() {
    task(1, "completed");
    assertThat(shell.run(new WatchCommand(), "t1")).isZero();
    assertThat(shell.out()).isEqualTo("✅ Completed: A\n");
  }

  @Test
  @DisplayName("a broken stream is taken up behind the last event, and nothing is told twice")
  void resumes() {
    task(3, "completed");
    server.event("task", 5, Tasks.event("t1", "A", "started", "running", "r"));
    server.breakStream();
    server.event("task", 5, Tasks.event("t1", "A", "started", "running", "r"));
    server.event("task", 6, Tasks.event("t1", "A", "completed", "completed", "r"));
    assertThat(shell.run(new WatchCommand(), "t1")).isZero();
    assertThat(shell.out()).isEqualTo("[r] Starting task: A (Priority: 1)\n[r] ✅ Completed: A\n");
    assertThat(shell.err()).contains("the connection is lost, trying again");
    assertThat(server.requests.stream().map(request -> request.header("Last-event-id")))
        .contains("5");
  }

  @Test
  @DisplayName("--json: an event on each line, the task as it ended on the last")
  void json() {
    task(2, "completed");
    String end = Tasks.event("t1", "A", "completed", "completed", "r");
    server.event("task", 7, end);
    assertThat(shell.run(new WatchCommand(), "t1", "--json")).isZero();
    assertThat(shell.out())
        .isEqualTo(
            "{\"event\":" + end + "}\n{\"task\":" + Tasks.task("t1", "A", "completed") + "}\n");
  }

  @Test
  @DisplayName("a task that is not there: exit code 4")
  void unknown() {
    server.on("GET /api/tasks", Tasks.page());
    assertThat(shell.run(new WatchCommand(), "nope")).isEqualTo(4);
    assertThat(shell.err()).contains("no such thing");
  }
}
