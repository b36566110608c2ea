package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.Immutable;
import dev.lanyard.http.RequestEnd;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/2, without TLS and with it: a stream is a request, and a connection has many. */
class Http2Test {
  private static final Limits STANDARD = Limits.standard();

  /** What a client sends. */
  @Immutable
  interface Sending {
    void send(Frames frames) throws IOException;
  }

  enum Way {
    RESET(frames -> frames.get(1, "/wait"), frames -> frames.cancel(1)),
    RESET_WITH_BODY_UNREAD(
        frames -> frames.post(1, "/wait").data(1, 100, true), frames -> frames.cancel(1)),
    RESET_WITH_HALF_A_BODY(
        frames -> frames.post(1, "/wait").data(1, 100, false), frames -> frames.cancel(1)),
    RESET_WITHOUT_A_BODY(frames -> frames.post(1, "/wait"), frames -> frames.cancel(1)),
    RESET_BEHIND_READ_AHEAD(
        frames -> {
          frames.post(1, "/wait");
          for (int i = 0; i < 6; i++) frames.data(1, 10_000, false);
        },
        frames -> frames.cancel(1)),
    RESET_WHILE_STREAMING(frames -> frames.get(1, "/begun"), frames -> frames.cancel(1)),
    EVENTS_RESET(frames -> frames.get(1, "/events"), frames -> frames.cancel(1)),
    CONNECTION_CUT(frames -> frames.get(1, "/wait"), frames -> frames.wire().cut()),
    CONNECTION_CLOSED(frames -> frames.get(1, "/wait"), frames -> frames.wire().leave()),
    CONNECTION_RESET(frames -> frames.get(1, "/wait"), frames -> frames.wire().reset()),
    WENT_AWAY(frames -> frames.get(1, "/wait"), frames -> frames.goAway().wire().leave()),
    BODY_UNREAD_AND_CUT(
        frames -> frames.post(1, "/wait").data(1, 100, false), frames -> frames.wire().cut());

    final Sending request;
    final Sending leaving;

    Way(Sending request, Sending leaving) {
      this.request = request;
      this.leaving = leaving;
    }
  }

  private static Stream<Arguments> ways() {
    return Arrays.stream(Transport.values())
        .flatMap(on -> Arrays.stream(Way.values()).map(way -> Arguments.of(on, way)));
  }

  private static Frames connect(Transport transport, Served served) throws IOException {
    return Frames.on(transport.connect(served, "h2"));
  }

  private static Served serve(Limits limits, Transport transport, Consumer<Router> routes) {
    var options = transport.on(limits.optionsWithCleartextHttp2()).setUseAlpn(true);
    return new Served(RequestSettings.standard().withLimits(limits), options, routes);
  }

  @ParameterizedTest
  @MethodSource("ways")
  @DisplayName("S21: the context of a stream ends when the stream or its connection does")
  void noticed(Transport transport, Way way) throws Exception {
    var waiting = new Waiting();
    try (Served served =
            serve(
                STANDARD.withReadAhead(50_000),
                transport,
                router -> {
                  router.route("/wait").handler(Blocking.on(waiting));
                  router
                      .route("/begun")
                      .handler(
                          Blocking.on((ctx, routing) -> {
                            routing.response().write("a part");
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
        Frames frames = connect(transport, served)) {
      way.request.send(frames);
      waiting.awaitEntered();
      way.leaving.send(frames);
      assertThat(waiting.cause()).isInstanceOf(RequestEnd.ClientGone.class);
      CompletedRequest completed = served.nextCompleted();
      assertThat(completed.cause()).isInstanceOf(RequestEnd.ClientGone.class);
      assertThat(completed.status()).isEqualTo(499);
      served.awaitUnderWay(0);
      assertThat(served.requests.counts().clientGone()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("S21: a reset ends its own stream and none beside it")
  void othersGoOn() throws Exception {
    var left = new Waiting();
    var entered = new CountDownLatch(2);
    var release = new CountDownLatch(1);
    try (Served served =
            serve(
                STANDARD,
                Transport.TCP,
                router -> {
                  router.get("/left").handler(Blocking.on(left));
                  router
                      .get("/other")
                      .handler(
                          Blocking.on((ctx, routing) -> {
                            entered.countDown();
                            release.await();
                            assertThat(ctx.err()).isNull();
                            routing.end("other");
                          }));
                });
        Frames frames = connect(Transport.TCP, served)) {
      frames.get(1, "/other").get(3, "/left").get(5, "/other");
      left.awaitEntered();
      entered.await();
      frames.cancel(3);
      assertThat(left.cause()).isInstanceOf(RequestEnd.ClientGone.class);
      release.countDown();
      assertThat(frames.next(Frames.DATA, 1).payload()).hasSize(5);
      frames.get(7, "/other");
      assertThat(frames.body(7)).isEqualTo("other");
      served.awaitUnderWay(0);
      assertThat(served.requests.counts()).isEqualTo(new RequestCounts(3, 1, 0, 0, 0, 0));
    }
  }

  @Test
  @DisplayName("a failure after the head resets its stream and leaves the connection")
  void failsAfterHead() throws Exception {
    try (Served served =
            serve(
                STANDARD,
                Transport.TCP,
                router -> {
                  router
                      .get("/half")
                      .handler(
                          Blocking.on((ctx, routing) -> {
                            ctx.await(routing.response().write("half").toCompletionStage());
                            throw new IllegalStateException("in the middle");
                          }));
                  router.get("/").handler(Blocking.on((ctx, routing) -> routing.end("whole")));
                });
        Frames frames = connect(Transport.TCP, served)) {
      frames.get(1, "/half");
      assertThat(frames.next(Frames.RST_STREAM, 1)).isNotNull();
      frames.get(3, "/");
      assertThat(frames.body(3)).isEqualTo("whole");
      served.awaitUnderWay(0);
      assertThat(served.requests.counts().total()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("write: a stream that its client does not take is reset, the others go on")
  void notTaken() throws Exception {
    var waiting = new Waiting();
    try (Served served =
            serve(
                STANDARD.withWrite(Duration.ofMillis(100)),
                Transport.TCP,
                router -> {
                  router
                      .get("/much")
                      .handler(
                          Blocking.on((ctx, routing) -> {
                            var body = ResponseBody.of(ctx, routing);
                            try {
                              while (true) body.write(new byte[50_000]); // the window has 65,535
                            } finally {
                              waiting.await(ctx);
                            }
                          }));
                  router.head("/").handler(Blocking.on((ctx, routing) -> routing.end()));
                  router.get("/").handler(Blocking.on((ctx, routing) -> routing.response().end()));
                });
        Frames frames = connect(Transport.TCP, served)) {
      frames.get(1, "/much");
      assertThat(waiting.cause()).isInstanceOf(RequestEnd.ClientGone.class);
      assertThat(frames.next(Frames.RST_STREAM, 1)).isNotNull();
      frames.get(3, "/");
      assertThat(frames.body(3)).isEmpty();
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("body: 413 for one stream leaves the connection to the others")
  void tooLarge() throws Exception {
    try (Served served =
            serve(
                STANDARD.withBody(1000),
                Transport.TCP,
                router -> {
                  router
                      .post("/")
                      .handler(
                          Blocking.on((ctx, routing) ->
                              routing.end(
                                  "" + RequestBody.of(ctx, routing).readAllBytes().length)));
                });
        Frames frames = connect(Transport.TCP, served)) {
      frames.post(1, "/").data(1, 2000, true);
      assertThat(frames.body(1)).contains("\"status\":413");
      frames.post(3, "/").data(3, 600, false).data(3, 400, true);
      assertThat(frames.body(3)).isEqualTo("1000");
    }
  }

  @Test
  @DisplayName("atOnce: streams are counted, not connections")
  void shedding() throws Exception {
    var release = new CountDownLatch(1);
    var entered = new CountDownLatch(1);
    try (Served served =
            serve(
                STANDARD.withAtOnce(1),
                Transport.TCP,
                router ->
                    router
                        .get("/")
                        .handler(
                            Blocking.on((ctx, routing) -> {
                              entered.countDown();
                              release.await();
                              routing.end("worked");
                            })));
        Frames frames = connect(Transport.TCP, served)) {
      frames.get(1, "/");
      entered.await();
      frames.get(3, "/");
      assertThat(frames.body(3)).contains("\"status\":503");
      release.countDown();
      assertThat(frames.body(1)).isEqualTo("worked");
    }
  }

  @Test
  @DisplayName("header: a connection that sends its preface and nothing more is closed")
  void silent() throws Exception {
    var limits = STANDARD.withHeader(Duration.ofSeconds(2)); // the preface takes its time
    try (Served served = serve(limits, Transport.TCP, _ -> {});
        Frames frames = connect(Transport.TCP, served)) {
      assertThat(frames.wire().isClosedByServer()).isTrue();
    }
  }

  @Test
  @DisplayName("a shutdown says GOAWAY, answers the streams that are there, and closes")
  void goAway() throws Exception {
    var release = new CountDownLatch(1);
    var entered = new CountDownLatch(1);
    try (Served served =
            serve(
                STANDARD,
                Transport.TCP,
                router ->
                    router
                        .get("/")
                        .handler(
                            Blocking.on((ctx, routing) -> {
                              entered.countDown();
                              release.await();
                              routing.end("drained");
                            })));
        Frames frames = connect(Transport.TCP, served)) {
      frames.get(1, "/");
      entered.await();
      Future<ShutdownReport> shutdown = served.requests.shutdown(Duration.ofMinutes(5));
      assertThat(frames.next().type()).isEqualTo(Frames.GOAWAY);
      release.countDown();
      assertThat(frames.body(1)).isEqualTo("drained");
      ShutdownReport report =
          shutdown.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(report.cut()).isEmpty();
      assertThat(frames.wire().isClosedByServer()).isTrue();
    }
  }

  @Test
  @DisplayName("streams that are left after the drain end with their cause and are answered")
  void cut() throws Exception {
    var waiting = new Waiting();
    try (Served served =
            serve(
                STANDARD.withAnswer(Served.PATIENCE),
                Transport.TCP,
                router ->
                    router
                        .get("/")
                        .handler(
                            Blocking.on((ctx, routing) -> {
                              waiting.await(ctx);
                              ctx.throwIfDone();
                            })));
        Frames frames = connect(Transport.TCP, served)) {
      frames.get(1, "/");
      waiting.awaitEntered();
      Future<ShutdownReport> shutdown = served.requests.shutdown(Duration.ofMillis(50));
      assertThat(waiting.cause()).isInstanceOf(RequestEnd.ShuttingDown.class);
      assertThat(frames.body(1)).contains("\"status\":503");
      ShutdownReport report =
          shutdown.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(report.cut()).hasSize(1);
    }
  }
}
