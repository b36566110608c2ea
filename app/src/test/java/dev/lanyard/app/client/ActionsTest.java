package dev.lanyard.app.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("issue 7: cancel, retry, extend, pause, resume, nodes, stats")
class ActionsTest {
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

  @Test
  @DisplayName("a unique beginning of an id is enough, and a whole id asks for nothing more")
  void shortId() {
    server.on(
        "GET /api/tasks",
        Tasks.page(Tasks.task("t3kab", "A", "running"), Tasks.task("x-t3ka", "B", "running")));
    server.on("POST /api/tasks/t3kab/cancel", Tasks.task("t3kab", "A", "running"));
    assertThat(shell.run(new CancelCommand(), "t3ka", "--cause", "no longer needed")).isZero();
    assertThat(shell.out()).isEqualTo("canceled t3kab  A (it is stopping)\n");
    assertThat(server.calls())
        .containsExactly(
            "POST /api/tasks/t3ka/cancel",
            "GET /api/tasks?q=t3ka&limit=500",
            "POST /api/tasks/t3kab/cancel");
    assertThat(server.requests.getLast().body()).isEqualTo("{\"cause\":\"no longer needed\"}");
    server.requests.clear();
    assertThat(Shell.at(server).run(new CancelCommand(), "t3kab")).isZero();
    assertThat(server.calls()).containsExactly("POST /api/tasks/t3kab/cancel");
  }

  @Test
  @DisplayName("a beginning that several tasks have is refused, and they are named")
  void ambiguous() {
    server.on(
        "GET /api/tasks",
        Tasks.page(Tasks.task("t1", "A", "running"), Tasks.task("t2", "B", "running")));
    server.on("POST /api/tasks/a/cancel", Tasks.task("a", "First", "cancelled"));
    assertThat(shell.run(new CancelCommand(), "a", "t")).isEqualTo(4);
    assertThat(shell.out()).isEqualTo("canceled a  First\n");
    assertThat(shell.err()).contains("more than one task begins with t", "t1  A", "t2  B");
  }

  @Test
  @DisplayName("a beginning is not unique as long as not all tasks were looked at")
  void tooManyToLookThrough() {
    server.on(
        "GET /api/tasks",
        request ->
            StubServer.Reply.json(
                200,
                Tasks.page(
                    "more",
                    1_000_000,
                    request.target().contains("cursor")
                        ? List.of()
                        : List.of(Tasks.task("t1", "A", "running")))));
    server.on("POST /api/tasks/t1/cancel", Tasks.task("t1", "A", "cancelled"));
    assertThat(shell.run(new CancelCommand(), "t")).isEqualTo(4);
    assertThat(shell.err()).contains("too many tasks", "begins with t", "give more of the id");
    assertThat(server.calls()).doesNotContain("POST /api/tasks/t1/cancel");
    server.on("GET /api/tasks", Tasks.page("more", 1_000_000, List.of()));
    Shell other = Shell.at(server);
    assertThat(other.run(new ShowCommand(), "t")).isEqualTo(4);
    assertThat(other.err()).contains("give more of the id");
  }

  @Test
  @DisplayName("one that is refused leaves the others alone; the worst exit code counts")
  void several() {
    server.on("POST /api/tasks/a/cancel", _ -> StubServer.Reply.problem(409, "a has ended"));
    server.on("POST /api/tasks/b/cancel", Tasks.task("b", "B", "cancelled"));
    assertThat(shell.run(new CancelCommand(), "a", "b")).isEqualTo(4);
    assertThat(shell.out()).isEqualTo("canceled b  B\n");
    assertThat(shell.err()).isEqualTo("lanyard: a has ended\n");
  }

  @Test
  @DisplayName("a filter names what it is about; nothing at all is refused")
  void filter() {
    server.on("POST /api/tasks/cancel", "{\"cancelled\":17}");
    int code = shell.run(new CancelCommand(), "-f", "state=pending,running", "-f", "kind=exec");
    assertThat(code).isZero();
    assertThat(shell.out()).isEqualTo("canceled 17 tasks\n");
    assertThat(server.requests.getLast().body())
        .isEqualTo("{\"filter\":{\"state\":[\"pending\",\"running\"],\"kind\":\"exec\"}}");
    assertThat(shell.run(new CancelCommand())).isEqualTo(2);
    assertThat(shell.run(new CancelCommand(), "a", "--all")).isEqualTo(2);
    assertThat(shell.run(new CancelCommand(), "-f", "stat=pending")).isEqualTo(2);
    assertThat(shell.err()).contains("did you mean \"state\"?");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  @DisplayName("--all is said to the server, --dry-run only counts")
  void all() {
    server.on("POST /api/tasks/retry", "{\"retried\":1}");
    server.on("GET /api/tasks", Tasks.page("c", 12, List.of()));
    assertThat(shell.run(new RetryCommand(), "--all")).isZero();
    assertThat(server.requests.getLast().body()).isEqualTo("{\"filter\":{},\"all\":true}");
    assertThat(shell.run(new RetryCommand(), "--all", "--dry-run")).isZero();
    assertThat(shell.out()).isEqualTo("queued again: 1 task\nwould retry 12 tasks\n");
    assertThat(server.calls().getLast())
        .isEqualTo("GET /api/tasks?state=failed,cancelled,timed_out&limit=1");
  }

  @Test
  @DisplayName("many tasks may take longer than other answers")
  void slowBulk() {
    CountDownLatch never = new CountDownLatch(1);
    server.on(
        "POST /api/tasks/cancel",
        _ -> {
          try {
            boolean _ = never.await(3, TimeUnit.SECONDS);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          return StubServer.Reply.json(200, "{\"cancelled\":100000}");
        });
    assertThat(shell.run(new CancelCommand(), "--all", "--timeout", "2s")).isZero();
    assertThat(shell.out()).isEqualTo("canceled 100000 tasks\n");
  }

  @Test
  @DisplayName("extend says when the deadline is now")
  void extend() {
    server.on("POST /api/tasks/a/extend", Tasks.task("a", "A", "running"));
    assertThat(shell.run(new ExtendCommand(), "a", "1m30s")).isZero();
    assertThat(shell.out()).isEqualTo("extended a  A: its deadline is in 2s\n");
    assertThat(server.requests.getLast().body()).isEqualTo("{\"by\":\"1m30s\"}");
    assertThat(shell.run(new ExtendCommand(), "a", "90")).isEqualTo(2);
  }

  @Test
  @DisplayName("pause and resume")
  void pause() {
    server.on("POST /api/pause", Tasks.stats()).on("POST /api/resume", Tasks.stats());
    assertThat(shell.run(new PauseCommand())).isZero();
    assertThat(shell.run(new ResumeCommand(), "--json")).isZero();
    assertThat(shell.out()).startsWith("paused: no node").endsWith(Tasks.stats() + "\n");
  }

  @Test
  @DisplayName("nodes and stats")
  void tables() {
    server.on("GET /api/stats", Tasks.stats());
    server.on(
        "GET /api/nodes",
        """
        {"nodes":[{"id":"h-1-x","host":"h","pid":4711,"startedAt":"2026-11-27T20:10:00Z",
        "heartbeatAt":"2026-11-27T22:09:58Z","slots":3,"running":2,"state":"active",
        "version":"0.1.0","self":true}]}\
        """);
    assertThat(shell.run(new NodesCommand())).isZero();
    assertThat(shell.out())
        .isEqualTo(
            """
            ID     STATE   RUNNING  HOST   PID  UP  SEEN    VERSION
            h-1-x  active      2/3  h     4711  2h  2s ago  0.1.0
            """);
    Shell other = Shell.at(server);
    assertThat(other.run(new StatsCommand())).isZero();
    assertThat(other.out())
        .contains(
            "pending            3\n",
            "completed        120\n",
            "slots      2 of 3 busy\n",
            "oldest     waits 1.2s\n",
            "throughput 1.3/s in, 1.1/s out\n",
            "p50 20ms, p95 80ms, p99 1.2s\n");
  }
}
