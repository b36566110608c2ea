package dev.lanyard.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program before a service, as an operator meets it. */
class GatewayIT {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final CountDownLatch slowArrived = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @TempDir Path directory;
  private HttpServer service;

  @BeforeEach
  void serve() throws IOException {
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    service.createContext(
        "/orders",
        exchange -> {
          if (exchange.getRequestURI().getPath().endsWith("slow")) {
            slowArrived.countDown();
            try {
              release.await();
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
          }
          byte[] body =
              (exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Via"))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    service.start();
  }

  @AfterEach
  void stop() {
    release.countDown();
    service.stop(0);
  }

  /** The example, with the addresses of this test. */
  private String example() throws IOException {
    Path example = Path.of(System.getProperty("lanyard.root"), "examples", "gateway.yaml");
    String here = "http://127.0.0.1:" + service.getAddress().getPort();
    String text =
        Files.readString(example)
            .replace("http://127.0.0.1:8082", here)
            .replace("http://127.0.0.1:8083", here.replace("127.0.0.1", "localhost"));
    return Program.file(directory, "gateway.yaml", text).getFileName().toString();
  }

  private Program start(String drain) throws IOException {
    String any = "127.0.0.1:0";
    return Program.start(
        directory, "gateway", example(), "--listen", any, "--admin", any, "--drain", drain);
  }

  private static URI address(Program program, String what) throws IOException {
    return URI.create(program.awaitLine(what).substring(what.length()));
  }

  private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void requestsGoThroughAndTheStateIsShown() throws Exception {
    try (Program program = start("10s")) {
      URI admin = address(program, "State and metrics: ");
      URI listening = address(program, "Listening: ");
      HttpResponse<String> response = get(listening.resolve("/orders/7?a=b"));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("/orders/7?a=b 1.1 lanyard");
      assertThat(get(listening.resolve("/elsewhere")).statusCode()).isEqualTo(404);
      assertThat(get(admin.resolve("/gateway/state")).body())
          .contains("\"path\":\"/orders\"", "\"breaker\":\"closed\"", "\"finished\":1");
      assertThat(get(admin.resolve("/metrics")).body())
          .contains("lanyard_gateway_requests_seconds_count{end=\"finished\",route=\"/orders\"");
      assertThat(get(admin.resolve("/healthz")).body()).isEqualTo("ok\n");
      assertThat(get(admin).body()).contains("<title>Lanyard gateway</title>");
      program.signal("TERM");
      assertThat(program.output()).contains("🚨", "✅ All requests finished").doesNotContain("WARN");
      assertThat(program.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void shutdownSaysWhoWasCutOff() throws Exception {
    try (Program program = start("100ms")) {
      URI listening = address(program, "Listening: ");
      var slow =
          client.sendAsync(
              HttpRequest.newBuilder(listening.resolve("/orders/slow")).build(),
              HttpResponse.BodyHandlers.ofString());
      slowArrived.await();
      program.signal("TERM");
      assertThat(slow.get().statusCode()).isEqualTo(503);
      assertThat(program.output())
          .contains("1 requests under way", "❌ Cut off: GET /orders/slow after ", "1 cut off");
      assertThat(program.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void clientsMayComeOverTls() throws Exception {
    Pem pem = new Pem(directory);
    Program.file(
        directory,
        "tls.yaml",
        """
        listen: 127.0.0.1:0
        tls: {certificate: server.crt, key: server.key}
        admin: none
        routes:
          - path: /
            upstreams: http://127.0.0.1:%d
        """
            .formatted(service.getAddress().getPort()));
    try (Program program = Program.start(directory, "gateway", "tls.yaml");
        HttpClient secure = HttpClient.newBuilder().sslContext(pem.trusted()).build()) {
      URI listening = address(program, "Listening: ");
      assertThat(listening.getScheme()).isEqualTo("https");
      HttpRequest.Builder request = HttpRequest.newBuilder(listening.resolve("/orders/7"));
      for (var version : List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
        HttpResponse<String> response =
            secure.send(request.version(version).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.version()).isEqualTo(version);
        String via = version == HttpClient.Version.HTTP_2 ? "2.0" : "1.1";
        assertThat(response.body()).isEqualTo("/orders/7 " + via + " lanyard");
      }
      program.signal("TERM");
      assertThat(program.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void certificateThatCannotBeUsedIsSaid() throws Exception {
    var _ = new Pem(directory);
    String rest = "routes: [{path: /, upstreams: 'http://127.0.0.1:1'}]\n";
    Program.file(
        directory, "missing.yaml", "tls:\n  certificate: server.key\n  key: nowhere.key\n" + rest);
    try (Program program = Program.start(directory, "gateway", "missing.yaml")) {
      assertThat(program.output())
          .contains(
              "missing.yaml:2:16: \"certificate\": server.key: has no line that ends with"
                  + " CERTIFICATE-----\n",
              "missing.yaml:3:8: \"key\": nowhere.key: no such file\n");
      assertThat(program.exitCode()).isEqualTo(2);
    }
    Program.file(
        directory, "broken.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    Program.file(
        directory,
        "broken.yaml",
        "listen: 127.0.0.1:0\ntls: {certificate: server.crt, key: broken.key}\n" + rest);
    try (Program program = Program.start(directory, "gateway", "broken.yaml")) {
      assertThat(program.output()).contains("cannot listen on ").doesNotContain("\tat ");
      assertThat(program.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void nothingRunsWhenTheFileIsWrong() throws Exception {
    String file =
        """
        listen: 8080
        routes:
          - path: orders
            upstreams: [ftp://x]
            timout: 5s
            breaker: {window: 5, at-least: 9}
          - upstreams: http://127.0.0.1:1
        """;
    Program.file(directory, "bad.yaml", file);
    try (Program program = Program.start(directory, "gateway", "bad.yaml")) {
      assertThat(program.output())
          .contains(
              "bad.yaml:1:9: \"listen\": expected a host and a port such as 127.0.0.1:8080, found"
                  + " 8080\n",
              "bad.yaml:3:11: \"path\": expected the beginning of a path, such as /orders",
              "bad.yaml:4:17: \"upstreams\": expected an address such as http://127.0.0.1:8082",
              "bad.yaml:5:5: unknown key \"timout\" in a route: did you mean \"timeout\"?\n",
              "bad.yaml:6:36: \"at-least\": expected no more than \"window\", which is 5",
              "bad.yaml:7:5: expected a \"path\" for this route, found none\n",
              "6 problems in bad.yaml: nothing was run\n");
      assertThat(program.exitCode()).isEqualTo(2);
    }
  }

  @Test
  void portThatIsTakenIsSaid() throws Exception {
    String taken = "127.0.0.1:" + service.getAddress().getPort();
    try (Program program = Program.start(directory, "gateway", example(), "--listen", taken)) {
      assertThat(program.output()).contains("cannot listen on " + taken).doesNotContain("\tat ");
      assertThat(program.exitCode()).isEqualTo(1);
    }
  }
}
