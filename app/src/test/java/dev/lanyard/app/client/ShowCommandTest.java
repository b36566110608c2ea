package dev.lanyard.app.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("issue 7: lanyard show")
class ShowCommandTest {
  private StubServer server;
  private Shell shell;

  @BeforeEach
  void start() throws Exception {
    server = new StubServer();
    shell = Shell.at(server);
    server
        .on("GET /api/tasks/t1", Tasks.task("t1", "A", "failed"))
        .on(
            "GET /api/tasks/t1/tree",
            Tasks.page(
                Tasks.task("t0", "Root", "running"),
                Tasks.task("t1", "A", "failed").replace("\"parent\":null", "\"parent\":\"t0\"")))
        .on(
            "GET /api/tasks/t1/attempts",
            """
            {"attempts":[{"attempt":1,"node":"n1","startedAt":"2026-11-27T22:09:57Z",
            "finishedAt":"2026-11-27T22:09:59Z","outcome":"failed","error":"disk\\nfull"}]}\
            """)
        .on(
            "GET /api/tasks/t1/events",
            "{\"events\":[" + Tasks.event("t1", "A", "started", "running", "r") + "]}")
        .on(
            "GET /api/tasks/t1/output",
            _ -> new StubServer.Reply(200, "text/plain", "one\n\033[31mtwo\n"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  @DisplayName("facts, tree, attempts, story, output")
  void page() {
    assertThat(shell.run(new ShowCommand(), "t1")).isZero();
    assertThat(shell.out())
        .isEqualTo(
            """
            A
              ID         t1
              State      failed (1s ago, took 2s)
              Kind       sleep
              Payload    {"duration":"PT2S"}
              Priority   1
              Attempt    1/3
              Timeout    5s
              Created    2026-11-27 22:09:50 (10s ago)
              Started    2026-11-27 22:09:57 (3s ago)
              Finished   2026-11-27 22:09:59 (1s ago)
              Error      disk full
              Node       n1
              Request    req-7

            Tree
            ID  STATE    NAME   WHEN
            t0  running  Root   42%, for 3s
            t1  failed   └ A ←  1s ago, took 2s

            Attempts
            TRY  STARTED       TOOK  OUTCOME  NODE  ERROR
              1  22:09:57.000    2s  failed   n1    disk\\nfull

            Story
            AT            WHAT     TRY  NODE
            22:09:58.000  started    1  n1

            Output
              one
              \\e[31mtwo
            """);
  }

  @Test
  @DisplayName("--output gives what was printed, byte for byte; --json has all in one object")
  void others() {
    assertThat(shell.run(new ShowCommand(), "t1", "--output")).isZero();
    assertThat(shell.out()).isEqualTo("one\n\033[31mtwo\n");
    Shell program = Shell.at(server);
    assertThat(program.run(new ShowCommand(), "t1", "--json")).isZero();
    assertThat(program.out().lines()).hasSize(1);
    assertThat(program.out())
        .startsWith("{\"task\":{\"id\":\"t1\"")
        .contains(
            "\"tree\":[",
            "\"attempts\":[",
            "\"events\":[",
            "\"output\":\"one\\n\\u001B[31mtwo\\n\"");
  }

  @Test
  @DisplayName("a task that printed nothing has no output")
  void noOutput() {
    server.on("GET /api/tasks/t1/output", _ -> StubServer.Reply.problem(404, "none"));
    assertThat(shell.run(new ShowCommand(), "t1")).isZero();
    assertThat(shell.out()).doesNotContain("Output");
  }
}
