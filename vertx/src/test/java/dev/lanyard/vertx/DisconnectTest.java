package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.Immutable;
import dev.lanyard.http.RequestEnd;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A client of HTTP/1.1 leaves while the handler blocks and has written nothing, or a part. */
class DisconnectTest {
  private static final String GET = Wire.head("GET", "/wait");
  private static final String TEN_BYTES = "0123456789";

  /** The client does something while the handler waits. */
  @Immutable
  interface Leaving {
    void leave(Wire wire) throws IOException;
  }

  enum Way {
    FIN(GET, Wire::cut),
    CLOSED(GET, Wire::leave),
    RST(GET, Wire::reset),
    BODY_READ(Wire.head("POST", "/read", "Content-Length: 10") + TEN_BYTES, Wire::cut),
    BODY_NOT_READ(Wire.head("POST", "/wait", "Content-Length: 10") + TEN_BYTES, Wire::cut),
    PART_OF_BODY_NOT_READ(Wire.head("POST", "/wait", "Content-Length: 99") + TEN_BYTES, Wire::cut),
    CHUNK_NOT_READ(
        Wire.head("POST", "/wait", "Transfer-Encoding: chunked") + "a\r\n" + TEN_BYTES + "\r\n",
        Wire::cut),
    CONTINUE_NEVER_ASKED_FOR(
        Wire.head("POST", "/wait", "Content-Length: 10", "Expect: 100-continue"), Wire::cut),
    NEXT_IN_THE_SAME_PACKET(GET + GET, Wire::cut),
    NEXT_WHILE_BLOCKED(GET, wire -> wire.send(GET).cut()),
    PART_OF_NEXT_WHILE_BLOCKED(GET, wire -> wire.send("GET /wa").cut()),
    MANY_BYTES_WHILE_BLOCKED(GET, DisconnectTest::floodAndCut),
    HALF_CLOSE(GET, Wire::halfClose),
    RESPONSE_BEGUN(Wire.head("GET", "/begun"), Wire::cut),
    EVENTS(Wire.head("GET", "/events"), Wire::cut),
    EVENTS_RST(Wire.head("GET", "/events"), Wire::reset);

    final String request;
    final Leaving leaving;

    Way(String request, Leaving leaving) {
      this.request = request;
      this.leaving = leaving;
    }
  }

  private static void floodAndCut(Wire wire) throws IOException {
    try {
      wire.send(GET.repeat(200_000 / GET.length()));
    } catch (SocketException closed) {
      // Vert.x has had enough of them
    }
    wire.cut();
  }

  private static Stream<Arguments> ways() {
    return Arrays.stream(Transport.values())
        .flatMap(on -> Arrays.stream(Way.values()).map(way -> Arguments.of(on, way)));
  }

  @ParameterizedTest
  @MethodSource("ways")
  @DisplayName("S2, S3, S4, S5: the handler's context ends when its client leaves, and says so")
  void noticed(Transport transport, Way way) throws Exception {
    var waiting = new Waiting();
    try (Served served = serve(transport, waiting);
        Wire wire = transport.connect(served)) {
      wire.send(way.request);
      waiting.awaitEntered();

      way.leaving.leave(wire);

      assertThat(waiting.cause()).isInstanceOf(RequestEnd.ClientGone.class);
      CompletedRequest completed = served.nextCompleted();
      assertThat(completed.cause()).isInstanceOf(RequestEnd.ClientGone.class);
      assertThat(completed.status()).isEqualTo(499);
      served.awaitUnderWay(0);
      RequestCounts counts = served.requests.counts();
      assertThat(counts.clientGone()).isEqualTo(counts.total());
    }
  }

  private static Served serve(Transport transport, Waiting waiting) {
    Limits limits = Limits.standard();
    return new Served(
        RequestSettings.standard().withLimits(limits),
        transport.options(limits),
        router -> {
          router.route("/wait").handler(Blocking.on(waiting));
          router
              .route("/read")
              .handler(
                  Blocking.on((ctx, routing) -> {
                    assertThat(RequestBody.of(ctx, routing).readAllBytes()).hasSize(10);
                    waiting.await(ctx);
                  }));
          router
              .route("/begun")
              .handler(
                  Blocking.on((ctx, routing) -> {
                    routing.response().setChunked(true).write("a part");
                    waiting.await(ctx);
                  }));
          router
              .route("/events")
              .handler(
                  EventStream.on((ctx, events) -> {
                    events.send("hello");
                    waiting.await(ctx);
                  }));
        });
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  @DisplayName("S5: further requests on the connection end nothing and are answered in their order")
  void pipelined(Transport transport) throws Exception {
    var first = new Waiting();
    var limits = Limits.standard();
    try (var served =
            new Served(
                RequestSettings.standard(),
                transport.options(limits),
                router -> {
                  router
                      .get("/first")
                      .handler(
                          Blocking.on((ctx, routing) -> {
                            first.await(ctx.withTimeout(Duration.ofMillis(100)));
                            assertThat(ctx.err()).isNull();
                            routing.end("first");
                          }));
                  router.get("/next").handler(Blocking.on((ctx, routing) -> routing.end("next")));
                });
        Wire wire = transport.connect(served)) {
      wire.get("/first");
      first.awaitEntered();
      wire.get("/next").get("/next");
      assertThat(wire.answer().body()).isEqualTo("first");
      assertThat(wire.answer().body()).isEqualTo("next");
      assertThat(wire.answer().body()).isEqualTo("next");
      served.awaitUnderWay(0);
      assertThat(served.requests.counts().finished()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  @DisplayName("S3: a client that leaves in the middle of a body that is being read has gone")
  void goneWhileItsBodyIsRead(Transport transport) throws Exception {
    var waiting = new Waiting();
    var limits = Limits.standard();
    try (var served =
            new Served(
                RequestSettings.standard(),
                transport.options(limits),
                router ->
                    router
                        .post("/read")
                        .handler(
                            Blocking.on((ctx, routing) -> {
                              var body = RequestBody.of(ctx, routing);
                              assertThat(body.readNBytes(10)).hasSize(10);
                              try {
                                waiting.await(ctx.withTimeout(Duration.ofMillis(1)));
                                body.read();
                              } finally {
                                routing.put("read", "over");
                              }
                            })));
        Wire wire = transport.connect(served)) {
      wire.send(Wire.head("POST", "/read", "Content-Length: 99") + TEN_BYTES);
      waiting.awaitEntered();
      wire.cut();
      CompletedRequest completed = served.nextCompleted();
      assertThat(completed.cause()).isInstanceOf(RequestEnd.ClientGone.class);
      assertThat(completed.status()).isEqualTo(499);
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("S3: behind more unread bytes than readAhead TCP hides the end, and time ends it")
  void hiddenBehindUnreadBytes() throws Exception {
    var waiting = new Waiting();
    Limits limits = Limits.standard().withTotal(Duration.ofMillis(500));
    try (var served = new Served(limits, router -> router.post().handler(Blocking.on(waiting)));
        Wire wire = Wire.to(served)) {
      wire.send(Wire.head("POST", "/", "Content-Length: 10000000")).send(new byte[300_000]);
      waiting.awaitEntered();
      wire.cut();
      assertThat(waiting.cause()).isInstanceOf(RequestEnd.TimedOut.class);
      assertThat(served.nextCompleted().cause()).isInstanceOf(RequestEnd.TimedOut.class);
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("S3: of a large upload that nobody reads, less than readAhead hides nothing")
  void seenBehindFewUnreadBytes() throws Exception {
    var waiting = new Waiting();
    try (var served = new Served(router -> router.post().handler(Blocking.on(waiting)));
        Wire wire = Wire.to(served)) {
      wire.send(Wire.head("POST", "/", "Content-Length: 10000000")).send(new byte[60_000]);
      waiting.awaitEntered();
      wire.cut();
      assertThat(waiting.cause()).isInstanceOf(RequestEnd.ClientGone.class);
      assertThat(served.nextCompleted().status()).isEqualTo(499);
    }
  }

  @Test
  @DisplayName("S8: whoever writes to a client that has gone learns it, and its context ends")
  void writingToNobody() throws Exception {
    var waiting = new Waiting();
    try (var served =
            new Served(router ->
                router
                    .get("/stream")
                    .handler(
                        Blocking.on((ctx, routing) -> {
                          try (var body = ResponseBody.of(ctx, routing)) {
                            while (true) body.write(new byte[32 << 10]);
                          } finally {
                            waiting.await(ctx);
                          }
                        })));
        Wire wire = Wire.to(served)) {
      wire.get("/stream");
      assertThat(wire.in().readNBytes(100_000)).hasSize(100_000);
      wire.reset();
      assertThat(waiting.cause()).isInstanceOf(RequestEnd.ClientGone.class);
      assertThat(served.nextCompleted().status()).isEqualTo(499);
    }
  }
}
