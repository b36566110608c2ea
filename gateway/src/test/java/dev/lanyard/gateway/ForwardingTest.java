package dev.lanyard.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ForwardingTest {
  private final CompletableFuture<HttpServerRequest> seen = new CompletableFuture<>();

  private void note(HttpServerRequest request) {
    seen.complete(request);
    request
        .response()
        .putHeader("Keep-Alive", "timeout=5")
        .putHeader("Connection", "X-Hop")
        .putHeader("X-Hop", "1")
        .putHeader("X-End", "2")
        .putHeader("Server", "secret")
        .end("ok");
  }

  private MultiMap headersAt(boolean trusting, UnaryOperator<Route> change, String lines)
      throws Exception {
    try (var proxied = new Proxied(trusting, change, this::note)) {
      answer = proxied.exchange("GET / HTTP/1.1\r\n" + lines.replace("\n", "\r\n") + "\r\n");
    }
    return seen.get(10, TimeUnit.SECONDS).headers();
  }

  private String answer = "";

  @Test
  @DisplayName("headers of one connection are not passed on, whichever way")
  void hopByHop() throws Exception {
    MultiMap headers =
        headersAt(
            false,
            UnaryOperator.identity(),
            """
            Host: shop.example:81
            Connection: close, X-Secret, Host
            X-Secret: 1
            Keep-Alive: 300
            Proxy-Authorization: Basic abc
            Proxy-Connection: keep-alive
            TE: gzip, trailers
            Trailer: X-T
            Upgrade: h2c
            HTTP2-Settings: AAA
            Authorization: Bearer x
            """);
    assertThat(headers.names())
        .doesNotContain(
            "X-Secret",
            "Keep-Alive",
            "Proxy-Authorization",
            "Proxy-Connection",
            "Trailer",
            "Upgrade",
            "HTTP2-Settings");
    assertThat(headers.get("TE")).isEqualTo("trailers");
    assertThat(headers.get("Host")).isEqualTo("shop.example:81");
    assertThat(headers.get("Authorization")).isEqualTo("Bearer x");
    assertThat(headers.getAll("Via")).containsExactly("1.1 lanyard");
    assertThat(answer)
        .contains("X-End: 2")
        .doesNotContain("X-Hop: 1")
        .doesNotContain("Keep-Alive: ");
  }

  @Test
  @DisplayName("what a stranger says of others, of the trace and of its deadline is not passed on")
  void stranger() throws Exception {
    MultiMap headers = headersAt(false, UnaryOperator.identity(), CLAIMS);
    assertThat(headers.getAll("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(headers.getAll("X-Forwarded-Proto")).containsExactly("http");
    assertThat(headers.getAll("X-Forwarded-Host")).containsExactly("shop.example");
    assertThat(headers.getAll("Forwarded"))
        .containsExactly("for=127.0.0.1;host=shop.example;proto=http");
    assertThat(headers.get("X-Request-ID")).isNotEqualTo("abc");
    assertThat(headers.get("traceparent")).doesNotContain(TRACE);
    assertThat(headers.get("baggage")).isNull();
    assertThat(headers.get("Connect-Timeout-Ms")).isNull();
    assertThat(headers.getAll("grpc-timeout")).hasSize(1);
    assertThat(millis(headers)).isBetween(8_001L, 30_000L);
  }

  @Test
  @DisplayName("what a trusted proxy says goes on, and is added to; its deadline shrinks")
  void trusted() throws Exception {
    MultiMap headers = headersAt(true, UnaryOperator.identity(), CLAIMS);
    assertThat(headers.getAll("X-Forwarded-For")).containsExactly("6.6.6.6, 127.0.0.1");
    assertThat(headers.getAll("X-Forwarded-Proto")).containsExactly("https");
    assertThat(headers.getAll("X-Forwarded-Host")).containsExactly("evil.example");
    assertThat(headers.getAll("Forwarded"))
        .containsExactly("for=6.6.6.6, for=127.0.0.1;host=shop.example;proto=http");
    assertThat(headers.get("X-Request-ID")).isEqualTo("abc");
    assertThat(headers.get("traceparent")).contains(TRACE).doesNotContain("00f067aa0ba902b7");
    assertThat(headers.get("baggage")).isEqualTo("a=b");
    assertThat(headers.get("Connect-Timeout-Ms")).isNull();
    assertThat(millis(headers)).isBetween(1L, 8_000L);
  }

  private static long millis(MultiMap headers) {
    String text = String.valueOf(headers.get("grpc-timeout"));
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 'n' -> number / 1_000_000;
      case 'u' -> number / 1_000;
      case 'm' -> number;
      default -> number * 1_000;
    };
  }

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CLAIMS =
      """
      Host: shop.example
      Connection: close
      X-Forwarded-For: 6.6.6.6
      X-Forwarded-Proto: https
      X-Forwarded-Host: evil.example
      Forwarded: for=6.6.6.6
      X-Request-ID: abc
      traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
      baggage: a=b
      Connect-Timeout-Ms: 8000
      """;

  @Test
  @DisplayName("a route sets and removes headers, both ways, and can send the upstream's own Host")
  void routeHeaders() throws Exception {
    MultiMap headers =
        headersAt(
            false,
            route ->
                route
                    .withHostPolicy(Route.HostPolicy.UPSTREAMS)
                    .withHeaders(
                        Map.of("X-Key", "k", "Cookie", ""), Map.of("Server", "", "X-By", "us")),
            "Host: shop.example\nConnection: close\nCookie: a=b\nX-Key: forged\n");
    assertThat(headers.getAll("X-Key")).containsExactly("k");
    assertThat(headers.get("Cookie")).isNull();
    assertThat(headers.get("Host")).startsWith("127.0.0.1:");
    assertThat(answer).contains("X-By: us").doesNotContain("Server: ");
  }
}
