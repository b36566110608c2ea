package dev.lanyard.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Deadline;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.testing.Eventually;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StreamingTest {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static void echo(HttpServerRequest request) {
    request.response().setChunked(true);
    var _ = request.response().writeHead();
    request.pipeTo(request.response());
  }

  private static void write(Socket socket, String text) throws Exception {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String readUntil(Socket socket, String end) throws Exception {
    var text = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (text.indexOf(end) < 0) {
      int c = in.read();
      if (c < 0) throw new AssertionError("closed after: " + text);
      text.append((char) c);
    }
    return text.toString();
  }

  @Test
  @DisplayName("20 MB go both ways at the same time, intact, through a client that reads slowly")
  void echoesTwentyMegabytes() throws Exception {
    byte[] body = new byte[20 << 20];
    new Random(1).nextBytes(body);
    var digest = MessageDigest.getInstance("SHA-256");
    try (var proxied = new Proxied(UnaryOperator.identity(), StreamingTest::echo);
        Socket socket = proxied.connect()) {
      OutputStream out = socket.getOutputStream();
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  write(
                      socket,
                      "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                          + body.length
                          + "\r\n\r\n");
                  out.write(body);
                } catch (Exception failure) {
                  throw new AssertionError(failure);
                }
              });
      assertThat(readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 200");
      long count = 0;
      InputStream in = socket.getInputStream();
      while (true) {
        String line = readUntil(socket, "\r\n").trim();
        int size = Integer.parseInt(line, 16);
        byte[] chunk = in.readNBytes(size);
        readUntil(socket, "\r\n");
        if (size == 0) break;
        digest.update(chunk);
        count += size;
      }
      writer.join();
      assertThat(count).isEqualTo(body.length);
      assertThat(digest.digest()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(body));
    }
  }

  @Test
  @DisplayName("both directions flow at once: an answer to each piece before the next is sent")
  void fullDuplex() throws Exception {
    try (var proxied = new Proxied(UnaryOperator.identity(), StreamingTest::echo);
        Socket socket = proxied.connect()) {
      write(socket, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      readUntil(socket, "\r\n\r\n");
      for (int i = 0; i < 100; i++) {
        write(socket, "3\r\n" + (100 + i) + "\r\n");
        assertThat(readUntil(socket, (100 + i) + "\r\n")).contains("3\r\n");
      }
      write(socket, "0\r\n\r\n");
      readUntil(socket, "0\r\n\r\n");
    }
  }

  @Test
  @DisplayName("a caller that leaves in the middle of a stream resets the request to the service")
  void leavesMidStream() throws Exception {
    var closed = new CompletableFuture<Void>();
    try (var proxied =
        new Proxied(
            route -> route.withTimeout(null),
            request -> {
              request.connection().closeHandler(_ -> closed.complete(null));
              request.response().setChunked(true);
              var _ = request.response().write("data: 1\n\n");
            })) {
      try (Socket socket = proxied.connect()) {
        write(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        readUntil(socket, "data: 1");
      }
      closed.get(10, TimeUnit.SECONDS);
      assertThat(proxied.nextCompleted().cause()).isInstanceOf(RequestEnd.ClientGone.class);
    }
  }

  @Test
  @DisplayName("a caller that leaves in the middle of its upload resets the request to the service")
  void leavesMidUpload() throws Exception {
    var arrived = new CompletableFuture<Void>();
    var closed = new CompletableFuture<Void>();
    try (var proxied =
        new Proxied(
            UnaryOperator.identity(),
            request -> {
              request.connection().closeHandler(_ -> closed.complete(null));
              request.handler(_ -> arrived.complete(null));
            })) {
      try (Socket socket = proxied.connect()) {
        write(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
        arrived.get(10, TimeUnit.SECONDS);
      }
      closed.get(10, TimeUnit.SECONDS);
      assertThat(proxied.upstream(0).getLong("failures")).isZero();
    }
  }

  @Test
  @DisplayName("a service that breaks off in its response cuts the client's connection")
  void breaksMidResponse() throws Exception {
    try (var proxied =
        new Proxied(
            UnaryOperator.identity(),
            request -> {
              request.response().setChunked(true);
              request.response().write("part").onComplete(_ -> request.connection().close());
            })) {
      String answer = proxied.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("0\r\n\r\n");
      assertThat(proxied.nextCompleted().cause()).isInstanceOf(UpstreamFailedException.class);
      assertThat(proxied.state().getJsonObject("ends").getLong("upstream-failed")).isEqualTo(1);
      assertThat(proxied.upstream(0).getLong("failures")).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a limit that passes in the middle of a response cuts the client's connection")
  void limitMidResponse() throws Exception {
    try (var proxied =
        new Proxied(
            route -> route.withTimeout(Duration.ofSeconds(2)),
            request -> {
              request.response().setChunked(true);
              var _ = request.response().write("part");
            })) {
      String answer = proxied.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(answer).contains("part").doesNotContain("0\r\n\r\n");
      assertThat(proxied.nextCompleted().cause()).isInstanceOf(RequestEnd.TimedOut.class);
    }
  }

  @Test
  @DisplayName("a response before the body was read goes through; the rest is dropped")
  void earlyResponse() throws Exception {
    try (var proxied =
            new Proxied(
                UnaryOperator.identity(),
                request ->
                    request
                        .response()
                        .setStatusCode(413)
                        .putHeader("Connection", "close")
                        .end("too large"));
        Socket socket = proxied.connect()) {
      write(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc");
      assertThat(readUntil(socket, "too large")).startsWith("HTTP/1.1 413");
      write(socket, "x".repeat(997) + "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(readUntil(socket, "too large")).contains("HTTP/1.1 413");
    }
  }

  @Test
  @DisplayName("Expect: 100-continue is answered by the service, and the body comes after")
  void continues() throws Exception {
    try (var proxied =
            new Proxied(
                UnaryOperator.identity(),
                request -> {
                  var _ = request.response().writeContinue();
                  request.body().onSuccess(body -> request.response().end("got " + body));
                });
        Socket socket = proxied.connect()) {
      write(
          socket,
          "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
      assertThat(readUntil(socket, "\r\n\r\n")).startsWith("HTTP/1.1 100");
      write(socket, "abc");
      assertThat(readUntil(socket, "got abc")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  @DisplayName("retries ask the next service, and only where that is harmless")
  void retries() throws Exception {
    var calls = new AtomicInteger();
    try (var proxied =
        new Proxied(
            route -> route.withRetries(1),
            request -> {
              calls.incrementAndGet();
              request.connection().close();
            },
            request -> request.body().onSuccess(_ -> request.response().end("second")))) {
      for (int i = 0; i < 4; i++) {
        assertThat(GatewayTest.get(proxied, "/").body()).isEqualTo("second");
      }
      assertThat(calls).hasValue(2);
      assertThat(proxied.state().getLong("retries")).isEqualTo(2);
      int failed = 0;
      for (int i = 0; i < 4; i++) {
        var post =
            HttpRequest.newBuilder(proxied.uri("/"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        int status = CLIENT.send(post, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status == 502) failed++;
      }
      assertThat(failed).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("what could not be sent at all is sent elsewhere, with its body")
  void connectFailureIsHarmless() throws Exception {
    URI nowhere = Proxied.nowhere();
    try (var proxied =
        new Proxied(
            route -> Route.to("/", nowhere, route.upstreams().getFirst()).withRetries(1),
            StreamingTest::echo)) {
      for (int i = 0; i < 2; i++) {
        var post =
            HttpRequest.newBuilder(proxied.uri("/"))
                .POST(HttpRequest.BodyPublishers.ofString("body"))
                .build();
        assertThat(CLIENT.send(post, HttpResponse.BodyHandlers.ofString()).body())
            .isEqualTo("body");
      }
    }
  }

  @Test
  @DisplayName("a failing service is given a rest: 503 with Retry-After, and it is not asked")
  void breaker() throws Exception {
    var calls = new AtomicInteger();
    var settings = new BreakerSettings(4, 4, 50, Duration.ofMinutes(1), 1);
    try (var proxied =
        new Proxied(
            route -> route.withBreaker(settings),
            request -> {
              calls.incrementAndGet();
              request.response().setStatusCode(500).end();
            })) {
      for (int i = 0; i < 4; i++) {
        assertThat(GatewayTest.get(proxied, "/").statusCode()).isEqualTo(500);
      }
      HttpResponse<String> response = GatewayTest.get(proxied, "/");
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).contains("60");
      assertThat(calls).hasValue(4);
      assertThat(proxied.upstream(0).getString("breaker")).isEqualTo("open");
    }
  }

  @Test
  @DisplayName("trials whose callers leave give their permits back, so that the breaker heals")
  void cancelledTrials() throws Exception {
    var sick = new CompletableFuture<Void>();
    BlockingQueue<HttpServerRequest> waiting = new LinkedBlockingQueue<>();
    var settings = new BreakerSettings(2, 2, 50, Duration.ofMillis(20), 1);
    try (var proxied =
        new Proxied(
            route -> route.withBreaker(settings),
            request -> {
              if (!sick.isDone()) request.response().setStatusCode(500).end();
              else if ("/wait".equals(request.path())) waiting.add(request);
              else request.response().end("well");
            })) {
      for (int i = 0; i < 2; i++) GatewayTest.get(proxied, "/");
      sick.complete(null);
      int left = 0;
      Deadline enough = Deadline.after(Eventually.PATIENCE);
      for (int asked = 1; left < 3 && !enough.isPast(); asked++) {
        try (Socket socket = proxied.connect()) {
          write(socket, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
          // while the breaker is open nothing arrives, and the answer is 503
          int others = 2 + asked;
          Eventually.holds(
              "a trial or an answer",
              () -> !waiting.isEmpty() || proxied.completed.size() == others);
        }
        if (waiting.poll() != null) left++;
        int all = 2 + asked;
        int gone = left;
        Eventually.holds(
            "each has ended",
            () ->
                proxied.completed.size() == all
                    && proxied.state().getJsonObject("ends").getLong("client-gone") == gone);
      }
      assertThat(left).as("trials whose callers have left").isEqualTo(3);
      assertThat(GatewayTest.get(proxied, "/").body()).isEqualTo("well");
      assertThat(proxied.upstream(0).getString("breaker")).isEqualTo("closed");
    }
  }

  private static final class Messages implements WebSocket.Listener {
    final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      received.add(text.toString());
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      received.add("closed " + status);
      return null;
    }
  }

  @Test
  @DisplayName(
      "a WebSocket goes through, longer than the route's limit; closing one end closes both")
  void webSocket() throws Exception {
    var closed = new CompletableFuture<Void>();
    try (var proxied =
        new Proxied(
            route -> route.withTimeout(Duration.ofSeconds(2)),
            request ->
                request
                    .toWebSocket()
                    .onSuccess(socket -> {
                      socket.textMessageHandler(text -> {
                        if (text.equals("bye")) socket.close((short) 1001);
                        else socket.writeTextMessage("echo " + text);
                      });
                      socket.closeHandler(_ -> closed.complete(null));
                    }))) {
      URI uri = URI.create("ws://127.0.0.1:" + proxied.port() + "/chat");
      var messages = new Messages();
      WebSocket socket = CLIENT.newWebSocketBuilder().buildAsync(uri, messages).get();
      var later = new CompletableFuture<Void>();
      proxied.vertx.setTimer(2_200, _ -> later.complete(null));
      later.get(10, TimeUnit.SECONDS);
      var _ = socket.sendText("hello", true).get();
      assertThat(messages.received.poll(10, TimeUnit.SECONDS)).isEqualTo("echo hello");
      assertThat(proxied.requests.underWay()).isEqualTo(1);
      var _ = socket.sendText("bye", true).get();
      assertThat(messages.received.poll(10, TimeUnit.SECONDS)).isEqualTo("closed 1001");
      closed.get(10, TimeUnit.SECONDS);
      Eventually.holds("the request is over", () -> proxied.requests.underWay() == 0);

      closed.obtrudeValue(null);
      var gone = new Messages();
      WebSocket other = CLIENT.newWebSocketBuilder().buildAsync(uri, gone).get();
      other.abort();
      Eventually.holds("the request is over", () -> proxied.requests.underWay() == 0);
    }
  }

  @Test
  @DisplayName("a shutdown lets requests finish, and cuts off what is left")
  void shutdown() throws Exception {
    BlockingQueue<HttpServerRequest> waiting = new LinkedBlockingQueue<>();
    try (var proxied = new Proxied(UnaryOperator.identity(), waiting::add)) {
      var one = CLIENT.sendAsync(request(proxied, "/1"), HttpResponse.BodyHandlers.ofString());
      var two = CLIENT.sendAsync(request(proxied, "/2"), HttpResponse.BodyHandlers.ofString());
      HttpServerRequest first = waiting.poll(10, TimeUnit.SECONDS);
      HttpServerRequest second = waiting.poll(10, TimeUnit.SECONDS);
      assertThat(first).isNotNull();
      assertThat(second).isNotNull();
      var report = proxied.requests.shutdown(Duration.ofSeconds(3));
      if (first != null) first.response().end(Buffer.buffer("done"));
      assertThat(report.await().cut()).hasSize(1);
      assertThat(one.get().statusCode() + two.get().statusCode()).isEqualTo(200 + 503);
    }
  }

  private static HttpRequest request(Proxied proxied, String path) {
    return HttpRequest.newBuilder(proxied.uri(path)).build();
  }
}
