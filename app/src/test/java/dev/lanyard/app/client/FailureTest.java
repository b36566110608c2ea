package dev.lanyard.app.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("issue 7: what goes wrong is said in a line, and the exit code tells which it was")
class FailureTest {
  @TempDir Path directory;

  @Test
  @DisplayName("nobody listens: the address, and how to start a server; exit code 3")
  void notReachable() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    Shell shell = new Shell();
    String address = "127.0.0.1:" + port;
    assertThat(shell.run(new StatsCommand(), "--server", address)).isEqualTo(3);
    assertThat(shell.err())
        .contains("nothing answers at http://" + address, "lanyard serve", "LANYARD_SERVER")
        .doesNotContain("\tat ");
    assertThat(shell.out()).isEmpty();
  }

  @Test
  @DisplayName("no answer in time: exit code 3")
  void late() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (StubServer server = new StubServer()) {
      server.on(
          "GET /api/stats",
          _ -> {
            try {
              boolean _ = done.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
            return StubServer.Reply.json(200, "{}");
          });
      Shell shell = Shell.at(server);
      assertThat(shell.run(new StatsCommand(), "--timeout", "300ms")).isEqualTo(3);
      assertThat(shell.err()).contains("no answer from", "within 300ms");
      done.countDown();
    }
  }

  @Test
  @DisplayName("the server's own words; exit code 4, and with --json the problem as it came")
  void refused() throws Exception {
    try (StubServer server = new StubServer()) {
      server.on("POST /api/pause", _ -> StubServer.Reply.problem(403, "not \\u001b[31myou"));
      Shell shell = Shell.at(server);
      assertThat(shell.run(new PauseCommand())).isEqualTo(4);
      assertThat(shell.err()).isEqualTo("lanyard: not \\e[31myou\n");
      Shell program = Shell.at(server);
      assertThat(program.run(new PauseCommand(), "--json")).isEqualTo(4);
      assertThat(program.err()).startsWith("{\"type\":\"about:blank\"").contains("\"status\":403");
      assertThat(server.requests.getFirst().header("Content-type")).isEqualTo("application/json");
    }
  }

  @Test
  @DisplayName("something else answers there: exit code 5 or 4, without its page")
  void strange() throws Exception {
    try (StubServer server = new StubServer()) {
      server.on(
          "GET /api/stats", _ -> new StubServer.Reply(502, "text/html", "<h1>Bad Gateway</h1>"));
      Shell shell = Shell.at(server);
      assertThat(shell.run(new StatsCommand())).isEqualTo(5);
      assertThat(shell.err()).contains("502", "is that a Lanyard?").doesNotContain("<h1>");
      server.on("GET /api/stats", _ -> new StubServer.Reply(200, "text/html", "<h1>Hi</h1>"));
      assertThat(Shell.at(server).run(new StatsCommand())).isEqualTo(5);
    }
  }

  @Test
  @DisplayName("the token is sent, and a bad one is never shown")
  void token() throws Exception {
    try (StubServer server = new StubServer()) {
      server.on("GET /api/stats", Tasks.stats());
      Path file = Files.writeString(directory.resolve("token"), "secret-1\n");
      assertThat(Shell.at(server).run(new StatsCommand(), "--token-file", file.toString()))
          .isZero();
      assertThat(server.requests.getFirst().header("Authorization")).isEqualTo("Bearer secret-1");
      Shell shell = Shell.at(server).with("LANYARD_TOKEN", "sec ret");
      assertThat(shell.run(new StatsCommand())).isEqualTo(2);
      assertThat(shell.err()).contains("LANYARD_TOKEN").doesNotContain("sec ret");
    }
  }

  @Test
  @DisplayName("a password in the address is refused and not repeated")
  void password() {
    Shell shell = new Shell();
    assertThat(shell.run(new StatsCommand(), "--server", "http://me:hush@127.0.0.1")).isEqualTo(2);
    assertThat(shell.err()).contains("--server").doesNotContain("hush");
  }
}
