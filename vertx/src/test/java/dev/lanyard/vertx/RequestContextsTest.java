package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.http.RequestId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RequestContextsTest {
  private static HttpResponse<String> get(Served served, String path, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(served.uri(path));
    if (headers.length > 0) request.headers(headers);
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  @DisplayName("S1: the context is live in the handler and done once it has returned")
  void finished() throws Exception {
    var seen = new CompletableFuture<Context>();
    try (var served =
        new Served(router ->
            router
                .get("/hello")
                .handler(
                    Blocking.on((ctx, routing) -> {
                      assertThat(ctx.isDone()).isFalse();
                      assertThat(Context.current().value(RequestId.KEY)).isEqualTo("abc");
                      seen.complete(ctx);
                      routing.end("hello " + ctx.value(RequestId.KEY));
                    })))) {
      HttpResponse<String> response = get(served, "/hello", "X-Request-ID", "abc");
      assertThat(response.body()).isEqualTo("hello abc");
      assertThat(response.headers().firstValue("X-Request-ID")).contains("abc");
      assertThat(seen.get().await(Served.PATIENCE)).isTrue();
      assertThat(seen.get().cause()).isInstanceOf(RequestEnd.Finished.class);
      CompletedRequest completed = served.nextCompleted();
      assertThat(completed.status()).isEqualTo(200);
      assertThat(completed.cause()).isInstanceOf(RequestEnd.Finished.class);
    }
  }

  @Test
  @DisplayName("S2: a client that closes its connection ends the context of a blocked handler")
  void clientGone() throws Exception {
    var seen = new CompletableFuture<Throwable>();
    try (var served =
        new Served(router ->
            router
                .get("/block")
                .handler(
                    Blocking.on((ctx, routing) -> {
                      ctx.await(Served.PATIENCE);
                      seen.complete(ctx.cause());
                    })))) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), served.port())) {
        socket
            .getOutputStream()
            .write("GET /block HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        served.awaitUnderWay(1);
      }
      assertThat(seen.get(10, TimeUnit.SECONDS)).isInstanceOf(RequestEnd.ClientGone.class);
      assertThat(served.nextCompleted().status()).isEqualTo(499);
    }
  }

  @Test
  @DisplayName("a handler that ends with its context is answered for: 503, and 504 for its caller")
  void timedOut() throws Exception {
    Limits limits = Limits.standard().withTotal(Duration.ofMillis(100)).withAnswer(Served.PATIENCE);
    try (var served =
        new Served(
            RequestSettings.standard().withLimits(limits),
            router ->
                router
                    .get("/slow")
                    .handler(Blocking.on((ctx, routing) -> ctx.sleep(Served.PATIENCE))))) {
      HttpResponse<String> response = get(served, "/slow");
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(served.nextCompleted().cause()).isInstanceOf(RequestEnd.TimedOut.class);

      response = get(served, "/slow", "grpc-timeout", "20m");
      assertThat(response.statusCode()).isEqualTo(504);
      assertThat(response.body()).contains("\"title\":\"Gateway Timeout\"");
      served.awaitUnderWay(0);
      assertThat(served.requests.counts().timedOut()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("a handler that ignores its context is answered for when its last words are due")
  void deafHandler() throws Exception {
    var release = new CompletableFuture<Void>();
    Limits limits = Limits.standard().withTotal(Duration.ofMillis(500));
    try (var served =
        new Served(
            RequestSettings.standard().withLimits(limits),
            router -> router.get("/deaf").handler(Blocking.on((ctx, routing) -> release.get())))) {
      assertThat(get(served, "/deaf").statusCode()).isEqualTo(503);
      assertThat(served.requests.underWay()).isEqualTo(1);
      release.complete(null);
    }
  }

  @Test
  @DisplayName("a shutdown drains, then cuts off what is left and reports it")
  void shutdown() throws Exception {
    var entered = new CountDownLatch(1);
    try (var served =
        new Served(
            Limits.standard().withAnswer(Served.PATIENCE),
            router ->
                router
                    .get("/slow")
                    .handler(
                        Blocking.on((ctx, routing) -> {
                          entered.countDown();
                          ctx.sleep(Served.PATIENCE);
                        })))) {
      var answer = CompletableFuture.supplyAsync(() -> statusOf(served, "/slow"));
      assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
      ShutdownReport report = served.requests.shutdown(Duration.ofMillis(50)).await();
      assertThat(report.cut()).hasSize(1);
      assertThat(report.cut().getFirst().target()).isEqualTo("/slow");
      assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(503);
      assertThat(served.nextCompleted().cause()).isInstanceOf(RequestEnd.ShuttingDown.class);
    }
  }

  private static int statusOf(Served served, String path) {
    try {
      return get(served, path).statusCode();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }
}
