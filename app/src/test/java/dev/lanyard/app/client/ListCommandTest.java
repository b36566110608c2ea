package dev.lanyard.app.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("issue 7: lanyard ls")
class ListCommandTest {
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
  @DisplayName("tasks stand in aligned columns, with their whole ids and what their time means")
  void table() {
    server.on(
        "GET /api/tasks",
        Tasks.page(
            Tasks.task("t3kaaaaaaaaaaaaaaaaaaaaaaa", "Process Images", "running"),
            Tasks.task("t3kb", "Send", "pending"),
            Tasks.task("t3kc", "Fetch", "failed")));
    assertThat(shell.run(new ListCommand())).isZero();
    assertThat(shell.out())
        .isEqualTo(
            """
            ID                          STATE    PRI  TRY  KIND   NAME            WHEN
            t3kaaaaaaaaaaaaaaaaaaaaaaa  running    1  1/3  sleep  Process Images  42%, for 3s
            t3kb                        pending    1  0/3  sleep  Send            waits 5s
            t3kc                        failed     1  1/3  sleep  Fetch           1s ago, took 2s
            """);
    assertThat(server.calls()).containsExactly("GET /api/tasks?limit=50");
  }

  @Test
  @DisplayName("filters are those of the API")
  void filters() {
    server.on("GET /api/tasks", Tasks.page());
    int code =
        shell.run(
            new ListCommand(),
            "-s",
            "running,failed",
            "--kind",
            "exec",
            "--name",
            "a&b c",
            "--order",
            "due",
            "foo",
            "--limit",
            "5");
    assertThat(code).isZero();
    assertThat(server.calls())
        .containsExactly(
            "GET /api/tasks?state=running,failed&kind=exec&name=a%26b%20c&q=foo&order=due&limit=5");
    assertThat(shell.err()).isEqualTo("no tasks\n");
    assertThat(shell.out()).isEmpty();
  }

  @Test
  @DisplayName("--all follows the pages; --json prints each task as the server wrote it")
  void pages() {
    String first = Tasks.task("a", "A", "pending");
    String second = Tasks.task("b", "B", "pending");
    server.on(
        "GET /api/tasks",
        request ->
            StubServer.Reply.json(
                200,
                request.target().contains("cursor=c1")
                    ? Tasks.page(second)
                    : Tasks.page("c1", 2, List.of(first))));
    assertThat(shell.run(new ListCommand(), "--all", "--json")).isZero();
    assertThat(shell.out()).isEqualTo(first + "\n" + second + "\n");
    assertThat(server.calls())
        .containsExactly("GET /api/tasks?limit=500", "GET /api/tasks?limit=500&cursor=c1");
  }

  @Test
  @DisplayName("what was left out is said, away from the table")
  void more() {
    server.on("GET /api/tasks", Tasks.page("c1", 700, List.of(Tasks.task("a", "A", "pending"))));
    assertThat(shell.run(new ListCommand(), "-n", "1")).isZero();
    assertThat(shell.err()).isEqualTo("1 of 700; --limit N or --all shows more\n");
    assertThat(shell.out().lines()).hasSize(2);
  }

  @Test
  @DisplayName("a name cannot move the cursor or add a line")
  void hostileName() {
    server.on("GET /api/tasks", Tasks.page(Tasks.task("a", "\\u001b[2Jx\\ny\\u202e", "pending")));
    assertThat(shell.run(new ListCommand())).isZero();
    assertThat(shell.out()).contains("\\e[2Jx\\ny\\u{202e}").doesNotContain("\033", "\u202e");
    assertThat(shell.out().lines()).hasSize(2);
  }

  @Test
  @DisplayName("a misspelt state is corrected before anything is asked")
  void misspelt() {
    assertThat(shell.run(new ListCommand(), "-s", "runing")).isEqualTo(2);
    assertThat(shell.err()).contains("did you mean \"running\"?");
    assertThat(server.calls()).isEmpty();
  }
}
