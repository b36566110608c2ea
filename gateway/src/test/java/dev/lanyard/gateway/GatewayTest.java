package dev.lanyard.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.http.RequestEnd;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GatewayTest {
  static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  static HttpResponse<String> get(Proxied proxied, String path, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(proxied.uri(path));
    if (headers.length > 0) request.headers(headers);
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void silent(HttpServerRequest request) {
    request.resume();
  }

  @Test
  @DisplayName("method, path, query, body, status and headers go through")
  void passesThrough() throws Exception {
    try (var proxied =
        new Proxied(
            UnaryOperator.identity(),
            request ->
                request
                    .body()
                    .onSuccess(body ->
                        request
                            .response()
                            .setStatusCode(201)
                            .setStatusMessage("Made")
                            .putHeader("Set-Cookie", "a=b")
                            .end(request.method() + " " + request.uri() + " " + body)))) {
      HttpResponse<String> response =
          CLIENT.send(
              HttpRequest.newBuilder(proxied.uri("/a%20b?c=%2F&d"))
                  .POST(HttpRequest.BodyPublishers.ofString("hello"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(201);
      assertThat(response.body()).isEqualTo("POST /a%20b?c=%2F&d hello");
      assertThat(response.headers().firstValue("Set-Cookie")).contains("a=b");
      assertThat(response.headers().firstValue("X-Request-ID")).isPresent();
      assertThat(proxied.nextCompleted().status()).isEqualTo(201);
    }
  }

  @Test
  @DisplayName("a caller that leaves before there is a response resets the request to the service")
  void callerLeaves() throws Exception {
    var arrived = new CompletableFuture<Void>();
    var closed = new CompletableFuture<Void>();
    try (var proxied =
        new Proxied(
            UnaryOperator.identity(),
            request -> {
              request.connection().closeHandler(_ -> closed.complete(null));
              arrived.complete(null);
            })) {
      try (Socket socket = proxied.connect()) {
        socket
            .getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        arrived.get(10, TimeUnit.SECONDS);
      }
      closed.get(10, TimeUnit.SECONDS);
      assertThat(proxied.nextCompleted().cause()).isInstanceOf(RequestEnd.ClientGone.class);
      assertThat(proxied.state().getJsonObject("ends").getLong("client-gone")).isEqualTo(1);
      assertThat(proxied.upstream(0).getLong("failures")).isZero();
    }
  }

  @Test
  @DisplayName("the route's limit is answered with 504, and ends the request to the service")
  void deadline() throws Exception {
    var closed = new CompletableFuture<Void>();
    try (var proxied =
        new Proxied(
            route -> route.withTimeout(Duration.ofSeconds(2)),
            request -> {
              request.connection().closeHandler(_ -> closed.complete(null));
              silent(request);
            })) {
      assertThat(get(proxied, "/").statusCode()).isEqualTo(504);
      closed.get(10, TimeUnit.SECONDS);
      assertThat(proxied.nextCompleted().cause()).isInstanceOf(RequestEnd.TimedOut.class);
    }
  }

  @Test
  @DisplayName("a service that cannot be reached is answered for with 502")
  void unreachable() throws Exception {
    var nowhere = Proxied.nowhere();
    try (var proxied = new Proxied(route -> Route.to("/", nowhere), request -> silent(request))) {
      assertThat(get(proxied, "/").statusCode()).isEqualTo(502);
    }
  }

  @Test
  @DisplayName("a service that closes the connection before its response: 502")
  void brokenBefore() throws Exception {
    try (var proxied =
        new Proxied(UnaryOperator.identity(), request -> request.connection().close())) {
      assertThat(get(proxied, "/").statusCode()).isEqualTo(502);
      assertThat(proxied.upstream(0).getLong("failures")).isEqualTo(1);
    }
  }
}
