package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.http.RequestEnd;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Rows S15 to S19, beaten where they poll, leave handlers running or give no reason. */
class ShutdownTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(100);

  /** Nobody's last words are cut short, however slow this machine is. */
  private static final Limits PATIENT = Limits.standard().withAnswer(Served.PATIENCE);

  private static Served hello() {
    return new Served(
        router -> router.get("/").handler(Blocking.on((ctx, routing) -> routing.end("hello"))));
  }

  private static ShutdownReport report(Future<ShutdownReport> shutdown) throws Exception {
    return shutdown.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("S15, S17: an idle server is down at once, its idle connections are closed")
  void idle() throws Exception {
    try (Served served = hello();
        Wire idle = Wire.to(served);
        Wire fresh = Wire.to(served)) {
      assertThat(idle.get("/").answer().body()).isEqualTo("hello");
      served.awaitUnderWay(0);
      int port = served.port();
      ShutdownReport report = report(served.requests.shutdown(LONG));
      assertThat(report.cut()).isEmpty();
      assertThat(report.took()).isLessThan(Served.PATIENCE);
      assertThat(idle.isClosedByServer()).isTrue();
      assertThat(fresh.isClosedByServer()).as("S16: one that never sent a byte").isTrue();
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @RepeatedTest(200)
  @DisplayName("S15: when the report is there nobody can connect, and the next server can listen")
  void portIsFree() throws Exception {
    try (Served served = hello()) {
      var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), served.port());
      var _ = report(served.requests.shutdown(LONG));
      try (var next = new ServerSocket()) {
        next.bind(loopback);
      }
      assertThatThrownBy(() -> new Socket(loopback.getAddress(), loopback.getPort()).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  @DisplayName("S15, S17: a request under way is answered, and then the server is down at once")
  void drained() throws Exception {
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (var served =
            new Served(router ->
                router
                    .get("/")
                    .handler(
                        Blocking.on((ctx, routing) -> {
                          entered.countDown();
                          release.await();
                          assertThat(ctx.err()).isNull();
                          routing.end("drained");
                        })));
        Wire wire = Wire.to(served)) {
      wire.get("/");
      entered.await();
      Future<ShutdownReport> shutdown = served.requests.shutdown(LONG);
      assertThat(shutdown.isComplete()).isFalse();
      release.countDown();
      assertThat(wire.answer().body()).isEqualTo("drained");
      assertThat(report(shutdown).cut()).isEmpty();
      served.awaitUnderWay(0);
      assertThat(served.requests.counts()).isEqualTo(new RequestCounts(1, 0, 0, 0, 0, 0));
    }
  }

  @Test
  @DisplayName("a large response that is on its way when the server drains arrives whole")
  void drainsWhatIsSent() throws Exception {
    var entered = new CountDownLatch(1);
    int size = 8_000_000;
    try (var served =
            new Served(router ->
                router
                    .get("/")
                    .handler(
                        Blocking.on((ctx, routing) -> {
                          entered.countDown();
                          routing.response().end("x".repeat(size));
                        })));
        Wire wire = Wire.to(served)) {
      wire.get("/");
      entered.await();
      Future<ShutdownReport> shutdown = served.requests.shutdown(LONG);
      assertThat(wire.answer().body()).hasSize(size);
      assertThat(report(shutdown).cut()).isEmpty();
    }
  }

  @Test
  @DisplayName(
      "S15: what is left after the drain ends with its cause, is answered 503 and reported")
  void cut() throws Exception {
    var first = new Waiting();
    var second = new Waiting();
    try (var served =
            new Served(
                PATIENT,
                router -> {
                  router.get("/first").handler(Blocking.on(first));
                  router.get("/second").handler(Blocking.on(second));
                });
        Wire one = Wire.to(served);
        Wire two = Wire.to(served)) {
      one.get("/first?a=b", "X-Request-ID: one");
      first.awaitEntered();
      two.get("/second");
      second.awaitEntered();
      Future<ShutdownReport> shutdown = served.requests.shutdown(SHORT);
      assertThat(first.cause()).isInstanceOf(RequestEnd.ShuttingDown.class);
      assertThat(second.cause()).isInstanceOf(RequestEnd.ShuttingDown.class);
      assertThat(one.answer().status()).isEqualTo(503);
      assertThat(two.answer().status()).isEqualTo(503);
      ShutdownReport report = report(shutdown);
      assertThat(report.took()).isGreaterThanOrEqualTo(SHORT);
      assertThat(report.cut()).hasSize(2);
      assertThat(report.cut().getFirst().target()).as("the oldest first").isEqualTo("/first?a=b");
      assertThat(report.cut().getFirst().requestId()).isEqualTo("one");
      served.awaitUnderWay(0);
      assertThat(served.requests.counts().shuttingDown()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("the report waits until all have been told, though all are over before")
  void toldLate() throws Exception {
    var shutdown = new CompletableFuture<Future<ShutdownReport>>();
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    Runnable beforeTheOthersAreTold =
        () -> {
          release.countDown();
          Deadline enough = Deadline.after(SHORT);
          while (!enough.isPast() && !shutdown.join().isComplete()) Thread.onSpinWait();
        };
    var settings =
        RequestSettings.standard()
            .withConnection((serving, _) -> {
              serving.onDone(beforeTheOthersAreTold);
              return serving;
            });
    try (var served =
            new Served(
                settings,
                router ->
                    router
                        .get("/")
                        .handler(
                            Blocking.on((ctx, routing) -> {
                              routing.end("answered, and yet at work");
                              entered.countDown();
                              release.await();
                            })));
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/").answer().body()).isEqualTo("answered, and yet at work");
      entered.await();
      shutdown.complete(served.requests.shutdown(SHORT));
      assertThat(report(shutdown.join()).cut()).hasSize(1);
    }
  }

  @Test
  @DisplayName("a WebSocket that a shutdown cuts off is reported, and counted so")
  void webSocket() throws Exception {
    try (var served =
        new Served(
            PATIENT,
            router ->
                router
                    .get("/")
                    .handler(routing -> {
                      Context ctx = RequestContexts.open(routing, null);
                      routing
                          .request()
                          .toWebSocket()
                          .onSuccess(socket -> {
                            ctx.onDone(socket::close);
                            socket.closeHandler(_ -> RequestContexts.upgradeClosed(routing));
                          });
                    }))) {
      var closed = new CompletableFuture<Integer>();
      try (HttpClient client = HttpClient.newHttpClient()) {
        var listener =
            new WebSocket.Listener() {
              @Override
              public @Nullable CompletionStage<?> onClose(WebSocket at, int code, String why) {
                closed.complete(code);
                return null;
              }
            };
        URI uri = URI.create("ws://127.0.0.1:" + served.port() + "/");
        var _ = client.newWebSocketBuilder().buildAsync(uri, listener).get(10, TimeUnit.SECONDS);
        ShutdownReport report = report(served.requests.shutdown(SHORT));
        assertThat(report.cut()).hasSize(1);
        assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
        served.awaitUnderWay(0);
        assertThat(served.requests.counts()).isEqualTo(new RequestCounts(0, 0, 0, 1, 0, 0));
      }
    }
  }

  @Test
  @DisplayName("S18: without a drain all requests end at once, also under a handler that is deaf")
  void deaf() throws Exception {
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (var served =
            new Served(
                Limits.standard().withAnswer(Duration.ofSeconds(2)), // as long as it has to be sent
                router ->
                    router
                        .get("/")
                        .handler(
                            Blocking.on((ctx, routing) -> {
                              entered.countDown();
                              release.await();
                            })));
        Wire wire = Wire.to(served)) {
      wire.get("/");
      entered.await();
      ShutdownReport report = report(served.requests.shutdown(Duration.ZERO));
      assertThat(report.cut()).hasSize(1);
      assertThat(wire.answer().status()).isEqualTo(503);
      assertThat(served.requests.underWay()).isEqualTo(1);
      release.countDown();
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("streams of events end when the drain begins and do not hold it up")
  void events() throws Exception {
    var waiting = new Waiting();
    try (var served =
            new Served(router ->
                router
                    .get("/")
                    .handler(
                        EventStream.on((ctx, events) -> {
                          events.send("hello");
                          waiting.await(ctx);
                        })));
        Wire wire = Wire.to(served)) {
      wire.get("/");
      waiting.awaitEntered();
      ShutdownReport report = report(served.requests.shutdown(LONG));
      assertThat(waiting.cause()).isInstanceOf(RequestEnd.ShuttingDown.class);
      assertThat(report.cut()).isEmpty();
      while (!wire.line().isEmpty()) {}
      assertThat(wire.chunk()).isEqualTo("data: hello\n\n");
      assertThat(wire.isClosedByServer()).isTrue();
      served.awaitUnderWay(0);
      assertThat(served.requests.counts().shuttingDown()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName(
      "a new request on an old connection is turned away or its connection closed, not lost")
  void newRequestWhileDraining() throws Exception {
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (var served =
            new Served(router -> {
              router.get("/hello").handler(Blocking.on((ctx, routing) -> routing.end("hello")));
              router
                  .get("/")
                  .handler(
                      Blocking.on((ctx, routing) -> {
                        entered.countDown();
                        release.await();
                        routing.end("drained");
                      }));
            });
        Wire wire = Wire.to(served)) {
      wire.get("/");
      entered.await();
      Future<ShutdownReport> shutdown = served.requests.shutdown(LONG);
      wire.get("/hello");
      release.countDown();
      assertThat(wire.answer().body()).isEqualTo("drained");
      Answer second;
      try {
        second = wire.answer();
      } catch (IOException closed) {
        second = null;
      }
      if (second != null) {
        assertThat(second.status()).isEqualTo(503);
        assertThat(second.header("Connection")).isEqualTo("close");
        assertThat(wire.isClosedByServer()).isTrue();
      }
      assertThat(report(shutdown).cut()).isEmpty();
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("a shutdown that is asked for twice, and from a handler, is one")
  void twiceFromAHandler() throws Exception {
    var asked = new CompletableFuture<Future<ShutdownReport>>();
    var requests = new CompletableFuture<RequestContexts>();
    try (var served =
            new Served(router ->
                router
                    .get("/stop")
                    .handler(
                        Blocking.on((ctx, routing) -> {
                          asked.complete(requests.get().shutdown(LONG));
                          routing.end("stopping");
                        })));
        Wire wire = Wire.to(served)) {
      requests.complete(served.requests);
      assertThat(wire.get("/stop").answer().body()).isEqualTo("stopping");
      Future<ShutdownReport> first = asked.get(10, TimeUnit.SECONDS);
      assertThat(served.requests.shutdown(Duration.ZERO)).isSameAs(first);
      assertThat(report(first).cut()).isEmpty();
    }
  }

  @Test
  @DisplayName("a handler that waits for the shutdown it began is cut after the drain")
  void waitsForItsOwn() throws Exception {
    var requests = new CompletableFuture<RequestContexts>();
    try (var served =
            new Served(
                PATIENT,
                router ->
                    router
                        .get("/stop")
                        .handler(
                            Blocking.on((ctx, routing) ->
                                ctx.await(requests.get().shutdown(SHORT).toCompletionStage()))));
        Wire wire = Wire.to(served)) {
      requests.complete(served.requests);
      assertThat(wire.get("/stop").answer().status()).isEqualTo(503);
      assertThat(report(served.requests.shutdown(LONG)).cut()).hasSize(1);
    }
  }

  @Test
  @DisplayName("S19: when the base ends all requests end with its cause, and new ones get 503")
  void baseEnds() throws Exception {
    var waiting = new Waiting();
    var base = Context.background().withCancel();
    try (base;
        var served =
            new Served(
                RequestSettings.standard().withBase(base).withLimits(PATIENT),
                router -> router.get("/").handler(Blocking.on(waiting)));
        Wire wire = Wire.to(served)) {
      wire.get("/");
      waiting.awaitEntered();
      var why = new IllegalStateException("the process stops");
      base.cancel(why);
      assertThat(waiting.cause()).isSameAs(why);
      assertThat(wire.answer().status()).isEqualTo(503);
      assertThat(served.nextCompleted().cause()).isSameAs(why);
      try (Wire other = Wire.to(served)) {
        assertThat(other.get("/").answer().status()).isEqualTo(503);
      }
      served.awaitUnderWay(0);
      assertThat(served.requests.counts().other()).isEqualTo(2);
      assertThat(report(served.requests.shutdown(LONG)).cut()).isEmpty();
    }
  }

  @RepeatedTest(20)
  @DisplayName("when the report is there, all requests have been counted and told of")
  void reportComesLast() throws Exception {
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (var served =
            new Served(router ->
                router
                    .get("/")
                    .handler(
                        Blocking.on((ctx, routing) -> {
                          entered.countDown();
                          release.await();
                          routing.end("drained");
                        })));
        Wire wire = Wire.to(served)) {
      wire.get("/");
      entered.await();
      Future<ShutdownReport> shutdown = served.requests.shutdown(LONG);
      release.countDown();
      assertThat(report(shutdown).cut()).isEmpty();
      assertThat(served.requests.underWay()).isZero();
      assertThat(served.requests.counts().finished()).isEqualTo(1);
      assertThat(served.completed).hasSize(1);
    }
  }

  @Test
  @DisplayName("what cannot be shut down, or not for so long, is refused")
  void refused() {
    var unattached = RequestContexts.with(RequestSettings.standard());
    assertThatThrownBy(() -> unattached.shutdown(LONG)).isInstanceOf(IllegalStateException.class);
    try (Served served = hello()) {
      assertThatThrownBy(() -> served.requests.shutdown(Duration.ofMillis(-1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @DisplayName("the longest drain there is overflows nothing")
  void longestDrain() throws Exception {
    try (Served served = hello()) {
      assertThat(report(served.requests.shutdown(Duration.ofSeconds(Long.MAX_VALUE))).cut())
          .isEmpty();
    }
  }
}
