package dev.lanyard.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The example as a program of its own, told by the standard environment variables alone to send its
 * spans by OTLP; and the one who receives them.
 */
class OtlpTest {
  /** What came, as text: in protobuf, names and values stand as they are. */
  private final Queue<String> received = new ConcurrentLinkedQueue<>();

  private final Queue<String> paths = new ConcurrentLinkedQueue<>();
  private HttpServer collector;

  @BeforeEach
  void listen() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext("/", this::receive);
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      received.add(new String(body, StandardCharsets.ISO_8859_1));
      paths.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  @DisplayName(
      "Issue 5: spans of requests, calls and statements reach a collector by OTLP over HTTP")
  void exported() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var program =
        new ProcessBuilder(
            java,
            "-cp",
            System.getProperty("java.class.path"),
            "dev.lanyard.examples.orders.Orders");
    program
        .environment()
        .putAll(
            Map.of(
                "OTEL_SERVICE_NAME", "orders-under-test",
                "OTEL_TRACES_EXPORTER", "otlp",
                "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                    "http://127.0.0.1:" + collector.getAddress().getPort()));
    Process running =
        program
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(Path.of("target/otlp.log").toFile()))
            .start();
    try {
      assertThat(running.waitFor(4, TimeUnit.MINUTES)).as("it came to its end").isTrue();
      assertThat(running.exitValue()).isZero();
    } finally {
      running.destroyForcibly();
    }
    assertThat(paths).isNotEmpty().containsOnly("POST /v1/traces");
    assertThat(received.stream().collect(Collectors.joining()))
        .contains("orders-under-test", "dev.lanyard")
        .contains("POST /orders", "GET /stock/:item", "SELECT", "INSERT", "mail")
        .contains("lanyard.context.end", "cancelled", "RequestEnd$ClientGone");
  }
}
