package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.http.Incoming;
import dev.lanyard.http.RequestEnd;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that is slow, in every phase of a request, and a handler that is. */
class TimeLimitsTest {
  /** Long enough for a slow machine to open a connection, and to answer what needs no time. */
  private static final Duration MOMENT = Duration.ofSeconds(2);

  private static final Duration MORE = MOMENT.plus(MOMENT.dividedBy(4));
  private static final Limits STANDARD = Limits.standard();

  /** Nobody's last words are cut short, however slow this machine is. */
  private static final Limits PATIENT = STANDARD.withAnswer(Served.PATIENCE);

  /** A first TLS handshake takes a second on a slow machine. */
  @BeforeAll
  static void loadClasses() throws IOException {
    for (Transport transport : Transport.values()) {
      try (Served served = hello(STANDARD, transport);
          Wire wire = transport.connect(served)) {
        assertThat(wire.get("/").answer().body()).isEqualTo("hello");
      }
    }
  }

  private static Served hello(Limits limits, Transport transport) {
    return new Served(
        RequestSettings.standard().withLimits(limits),
        transport.options(limits),
        router -> router.route("/").handler(Blocking.on((ctx, routing) -> routing.end("hello"))));
  }

  /** Byte by byte, until the server has had enough. */
  private static boolean trickle(Wire wire, String begun, String endless) throws IOException {
    Deadline deadline = Deadline.after(Served.PATIENCE);
    try {
      wire.send(begun);
      for (int i = 0; !deadline.isPast(); i++) {
        wire.send(endless.substring(i % endless.length(), i % endless.length() + 1));
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
      return false;
    } catch (SocketException closed) {
      return true;
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  @DisplayName("header: a connection on which nothing comes is cut off")
  void silent(Transport transport) throws Exception {
    try (Served served = hello(STANDARD.withHeader(MOMENT), transport);
        Wire wire = transport.connect(served)) {
      assertThat(wire.isClosedByServer()).isTrue();
      assertThat(served.requests.counts().total()).isZero();
    }
  }

  @Test
  @DisplayName("header: a client that never begins its TLS handshake is cut off")
  void noHandshake() throws Exception {
    try (Served served = hello(STANDARD.withHeader(MOMENT), Transport.TLS);
        Wire wire = Wire.to(served)) {
      assertThat(wire.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  @DisplayName("header: a head that trickles in byte by byte is cut off (slowloris)")
  void slowHead(Transport transport) throws Exception {
    try (Served served = hello(STANDARD.withHeader(MOMENT), transport);
        Wire wire = transport.connect(served)) {
      String begun = "GET / HTTP/1.1\r\nHost: localhost\r\n";
      assertThat(trickle(wire, begun, "X-Trickle: drop\r\n")).isTrue();
      assertThat(served.requests.counts().total()).isZero();
    }
  }

  @Test
  @DisplayName("header: so is the head of a later request on the connection")
  void slowLaterHead() throws Exception {
    try (Served served = hello(STANDARD.withHeader(MOMENT).withIdle(MOMENT), Transport.TCP);
        Wire wire = Wire.to(served)) {
      for (int i = 0; i < 3; i++) assertThat(wire.get("/").answer().body()).isEqualTo("hello");
      wire.send("GET / HTTP/1.1\r\n");
      assertThat(trickle(wire, "", "X-Trickle: drop\r\n")).isTrue();
      assertThat(served.requests.counts().total()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("header: it does not hold for a handler that thinks, or for a connection that works")
  void thinkingIsNotSlowness() throws Exception {
    var limits = STANDARD.withHeader(MOMENT);
    try (var served =
            new Served(
                limits,
                router ->
                    router
                        .get("/")
                        .handler(
                            Blocking.on((ctx, routing) -> {
                              ctx.await(MORE);
                              routing.end("thought");
                            })));
        Wire wire = Wire.to(served)) {
      for (int i = 0; i < 2; i++) assertThat(wire.get("/").answer().body()).isEqualTo("thought");
    }
  }

  @Test
  @DisplayName("S6, header: it does not hold for a WebSocket, whose context ends when that closes")
  void webSocket() throws Exception {
    var seen = new CompletableFuture<Context>();
    try (var served =
            new Served(
                STANDARD.withHeader(MOMENT).withIdle(MOMENT),
                router ->
                    router
                        .get("/socket")
                        .handler(routing -> {
                          seen.complete(RequestContexts.open(routing, null));
                          var _ =
                              routing
                                  .request()
                                  .toWebSocket()
                                  .onSuccess(socket -> {
                                    socket.closeHandler(
                                        _ -> RequestContexts.upgradeClosed(routing));
                                    socket.textMessageHandler(socket::writeTextMessage);
                                  });
                        }));
        Wire wire = Wire.to(served)) {
      wire.get(
          "/socket",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
      assertThat(wire.answer().status()).isEqualTo(101);
      byte[] hello = {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'}; // masked with zeros
      Deadline deadline = Deadline.after(MOMENT.multipliedBy(3));
      while (!deadline.isPast()) {
        wire.send(hello);
        assertThat(wire.in().readNBytes(3)).endsWith('x');
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
      wire.cut();
      assertThat(seen.get().await(Served.PATIENCE)).isTrue();
      assertThat(seen.get().cause()).isInstanceOf(RequestEnd.ClientGone.class);
      assertThat(served.nextCompleted().status()).isEqualTo(101);
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("idle: a connection that waits for its next request is closed, not before")
  void idle() throws Exception {
    var limits =
        STANDARD
            .withIdle(MOMENT)
            .withHeader(MOMENT)
            .withTotal(MOMENT.dividedBy(2))
            .withAnswer(MOMENT.dividedBy(2));
    try (Served served = hello(limits, Transport.TCP);
        Wire wire = Wire.to(served)) {
      Deadline soonest = Deadline.after(MOMENT);
      assertThat(wire.get("/").answer().body()).isEqualTo("hello");
      assertThat(wire.isClosedByServer()).isTrue();
      assertThat(soonest.isPast()).isTrue();
    }
  }

  @Test
  @DisplayName("idle: it does not hold for a handler that thinks no longer than it may")
  void thinkingIsNotIdleness() throws Exception {
    var limits = STANDARD.withIdle(Duration.ofMillis(20));
    try (var served =
            new Served(
                limits,
                router ->
                    router
                        .get("/")
                        .handler(
                            Blocking.on((ctx, routing) -> {
                              ctx.sleep(Duration.ofMillis(300));
                              routing.end("thought");
                            })));
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/").answer().body()).isEqualTo("thought");
      assertThat(served.nextCompleted().cause()).isInstanceOf(RequestEnd.Finished.class);
    }
  }

  @Test
  @DisplayName("idle: it does not hold while a response is taken, however slowly")
  void slowDownload() throws Exception {
    int size = 30_000_000;
    var limits = STANDARD.withIdle(Duration.ofMillis(50)).withHeader(MOMENT);
    try (var served =
            new Served(
                limits,
                router ->
                    router
                        .get("/")
                        .handler(
                            Blocking.on(
                                (ctx, routing) -> routing.response().end("x".repeat(size)))));
        Wire wire = Wire.to(served)) {
      wire.get("/");
      while (!wire.line().isEmpty()) {}
      int pieces = 30;
      for (int i = 0; i < pieces; i++) {
        assertThat(wire.in().readNBytes(size / pieces)).as("piece %d", i).hasSize(size / pieces);
        LockSupport.parkNanos(MORE.toNanos() / pieces);
      }
      assertThat(served.nextCompleted().status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("idle: it leaves time for the last words that may be said in place of a handler")
  void longerThanLastWords() {
    for (Duration answer : List.of(Duration.ofMillis(250), Duration.ofSeconds(3))) {
      var limits = STANDARD.withIdle(MOMENT).withTotal(MOMENT).withAnswer(answer);
      assertThat(limits.options().getIdleTimeout())
          .isGreaterThan(Limits.millis(MOMENT.plus(answer).plus(answer)));
    }
  }

  @Test
  @DisplayName("S7, read: a body that comes too slowly answers 408, and its handler chooses that")
  void slowBody() throws Exception {
    try (var served =
            new Served(
                STANDARD.withRead(MOMENT),
                router ->
                    router
                        .post("/")
                        .handler(
                            Blocking.on((ctx, routing) -> {
                              try {
                                RequestBody.of(ctx, routing).readAllBytes();
                              } finally {
                                assertThat(ctx.err()).isNull();
                              }
                            })));
        Wire wire = Wire.to(served)) {
      wire.send(Wire.head("POST", "/", "Content-Length: 100") + "some");
      assertThat(wire.answer().status()).isEqualTo(408);
      CompletedRequest completed = served.nextCompleted();
      assertThat(completed.status()).isEqualTo(408);
      assertThat(completed.cause()).isInstanceOf(RequestEnd.Finished.class);
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("read: what trickles in does not last longer")
  void tricklingBody() throws Exception {
    try (var served =
            new Served(
                STANDARD.withRead(MOMENT).withHeader(MOMENT).withIdle(MOMENT),
                router ->
                    router
                        .post("/")
                        .handler(
                            Blocking.on(
                                (ctx, routing) -> RequestBody.of(ctx, routing).readAllBytes())));
        Wire wire = Wire.to(served)) {
      wire.send(Wire.head("POST", "/", "Content-Length: 1000000"));
      assertThat(trickle(wire, "", "some")).isTrue();
      assertThat(served.nextCompleted().status()).isEqualTo(408);
    }
  }

  @Test
  @DisplayName("write: a client that takes nothing is cut off and has gone")
  void notReading() throws Exception {
    var waiting = new Waiting();
    try (var served =
            new Served(
                STANDARD.withWrite(MOMENT),
                router ->
                    router
                        .get("/")
                        .handler(
                            Blocking.on((ctx, routing) -> {
                              try (var body = ResponseBody.of(ctx, routing)) {
                                while (true) body.write(new byte[100_000]);
                              } finally {
                                waiting.await(ctx);
                              }
                            })));
        Wire wire = Wire.to(served)) {
      wire.get("/");
      assertThat(waiting.cause())
          .isInstanceOf(RequestEnd.ClientGone.class)
          .hasMessageContaining("took nothing");
      assertThat(served.nextCompleted().status()).isEqualTo(499);
      assertThat(wire.isClosedByServer()).isTrue();
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("idle: a client that takes nothing of the end of a response is cut off")
  void notReadingTheEnd() throws Exception {
    var limits = STANDARD.withIdle(MOMENT).withTotal(MOMENT);
    try (var served =
            new Served(
                limits,
                router ->
                    router
                        .get("/")
                        .handler(
                            Blocking.on((ctx, routing) ->
                                routing.response().end("x".repeat(30_000_000)))));
        Wire wire = Wire.to(served)) {
      wire.get("/");
      assertThat(trickle(wire, "", "X")).isTrue();
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("total: the caller's time shortens it and never makes it longer")
  void callersTime() throws Exception {
    try (var served =
            new Served(
                PATIENT.withTotal(MOMENT),
                router ->
                    router
                        .get("/")
                        .handler(Blocking.on((ctx, routing) -> ctx.sleep(Served.PATIENCE))));
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/", "grpc-timeout: 1H").answer().status()).isEqualTo(503);
      assertThat(wire.get("/", "grpc-timeout: 10m").answer().status()).isEqualTo(504);
      assertThat(wire.get("/", "grpc-timeout: -1m").answer().status()).isEqualTo(503);
    }
  }

  @Test
  @DisplayName("total: at the edge the caller's time is not believed")
  void edge() throws Exception {
    var settings = RequestSettings.standard().withIncoming(Incoming.fromTheEdge());
    try (var served =
            new Served(
                settings,
                router ->
                    router.get("/").handler(Blocking.on((ctx, routing) -> routing.end("in"))));
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/", "Connect-Timeout-Ms: 0").answer().body()).isEqualTo("in");
    }
  }

  @Test
  @DisplayName("total: a handler may have another limit, longer or shorter, or none")
  void otherLimits() throws Exception {
    ContextHandler slow =
        (ctx, routing) -> {
          ctx.sleep(Duration.ofMillis(300));
          routing.end("slow");
        };
    try (var served =
            new Served(
                PATIENT.withTotal(Duration.ofMillis(20)),
                router -> {
                  router.get("/server").handler(Blocking.on(slow));
                  router.get("/longer").handler(Blocking.on(slow).withTimeout(Served.PATIENCE));
                  router
                      .get("/shorter")
                      .handler(Blocking.on(slow).withTimeout(Duration.ofMillis(1)));
                  router.get("/none").handler(Blocking.on(slow).withoutTimeout());
                });
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/server").answer().status()).isEqualTo(503);
      assertThat(wire.get("/longer").answer().body()).isEqualTo("slow");
      assertThat(wire.get("/shorter").answer().status()).isEqualTo(503);
      assertThat(wire.get("/none").answer().body()).isEqualTo("slow");
      assertThat(wire.get("/none", "grpc-timeout: 20m").answer().status()).isEqualTo(504);
    }
  }
}
