package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.Context;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.testing.Eventually;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** All ways in which a handler may end, and what its client gets. */
class HandlerEndingTest {
  private static final Limits SHORT = Limits.standard().withTotal(Duration.ofMillis(50));
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Answers at once in the place of a handler whose time is over. */
  private static final Limits QUICK = Limits.standard().withAnswer(Duration.ofMillis(1));

  /** When the handler has come so far, and no sooner: a slow machine does not change the order. */
  private static void timeIsOver(RoutingContext routing) {
    RequestContexts.open(routing, null).cancel(new RequestEnd.TimedOut(LONG, false));
  }

  private static Served serve(ContextHandler handler) {
    return serve(Limits.standard(), handler);
  }

  private static Served serve(Limits limits, ContextHandler handler) {
    return new Served(limits, router -> router.route("/").handler(Blocking.on(handler)));
  }

  private static void assertEnded(Served served, int status, Class<? extends RequestEnd> how)
      throws InterruptedException {
    CompletedRequest completed = served.nextCompleted();
    assertThat(completed.status()).isEqualTo(status);
    assertThat(completed.cause()).isInstanceOf(how);
    served.awaitUnderWay(0);
    assertThat(served.requests.counts().total()).isEqualTo(1);
    assertThat(served.completed).isEmpty();
  }

  @Test
  @DisplayName("a handler that returns without an answer has answered 200 and nothing")
  void silent() throws Exception {
    try (Served served = serve((ctx, routing) -> {});
        Wire wire = Wire.to(served)) {
      Answer answer = wire.get("/").answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
      assertEnded(served, 200, RequestEnd.Finished.class);
    }
  }

  @Test
  @DisplayName("S20: a handler that returns without an answer because its time is over: 503")
  void silentAfterItsTime() throws Exception {
    try (Served served = serve(SHORT.withAnswer(LONG), (ctx, routing) -> ctx.await(LONG));
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/").answer().status()).isEqualTo(503);
      assertEnded(served, 503, RequestEnd.TimedOut.class);
    }
  }

  @Test
  @DisplayName(
      "S20: a handler that returns without an answer because its caller's time is over: 504")
  void silentAfterItsCallersTime() throws Exception {
    Limits patient = Limits.standard().withAnswer(LONG);
    try (Served served = serve(patient, (ctx, routing) -> ctx.await(LONG));
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/", "grpc-timeout: 20m").answer().status()).isEqualTo(504);
      assertEnded(served, 504, RequestEnd.TimedOut.class);
    }
  }

  @Test
  @DisplayName("a caller that waits no longer is answered with 504, and its handler is not called")
  void callerWaitsNoLonger() throws Exception {
    var called = new CountDownLatch(1);
    try (Served served = serve((ctx, routing) -> called.countDown());
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/", "Connect-Timeout-Ms: 0").answer().status()).isEqualTo(504);
      assertEnded(served, 504, RequestEnd.TimedOut.class);
      assertThat(called.getCount()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("an HttpException answers with its status, and its payload is the detail")
  void knownFailure() throws Exception {
    try (Served served =
            serve((ctx, routing) -> {
              throw new HttpException(404, "no such order");
            });
        Wire wire = Wire.to(served)) {
      Answer answer = wire.get("/", "X-Request-ID: r1").answer();
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(new JsonObject(answer.body()))
          .isEqualTo(
              new JsonObject()
                  .put("type", "about:blank")
                  .put("title", "Not Found")
                  .put("status", 404)
                  .put("detail", "no such order")
                  .put("requestId", "r1"));
      assertEnded(served, 404, RequestEnd.Finished.class);
    }
  }

  @Test
  @DisplayName("a failure nobody expected answers 500 with the request id and not a word about it")
  void unknownFailure() throws Exception {
    try (Served served =
            serve((ctx, routing) -> {
              throw new IOException("the password of the database is wrong");
            });
        Wire wire = Wire.to(served)) {
      Answer answer = wire.get("/").answer();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).doesNotContain("password", "IOException", ".java");
      assertThat(new JsonObject(answer.body()).getString("requestId"))
          .isNotEmpty()
          .isEqualTo(answer.header("X-Request-ID"));
      assertEnded(served, 500, RequestEnd.Finished.class);
    }
  }

  @Test
  @DisplayName("an Error answers 500 and the server goes on")
  void error() throws Exception {
    try (Served served =
            serve((ctx, routing) -> {
              if (routing.request().getParam("fail") != null) throw new StackOverflowError();
              routing.end("well");
            });
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/?fail").answer().status()).isEqualTo(500);
      assertThat(wire.get("/").answer().body()).isEqualTo("well");
    }
  }

  @Test
  @DisplayName("a body that is no JSON answers 400")
  void noJson() throws Exception {
    try (Served served =
            serve((ctx, routing) ->
                new JsonObject(
                    new String(
                        RequestBody.of(ctx, routing).readAllBytes(), StandardCharsets.UTF_8)));
        Wire wire = Wire.to(served)) {
      wire.send(Wire.head("POST", "/", "Content-Length: 3") + "{\"x");
      assertThat(wire.answer().status()).isEqualTo(400);
      assertEnded(served, 400, RequestEnd.Finished.class);
    }
  }

  @Test
  @DisplayName("a smaller budget inside that is spent answers 503, a cancelled part 500")
  void insideBudgets() throws Exception {
    try (Served served =
            serve((ctx, routing) -> {
              try (var budget = ctx.withTimeout(Duration.ofMillis(1))) {
                if (routing.request().getParam("cancel") != null) budget.cancel();
                budget.sleep(LONG);
              }
            });
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/").answer().status()).isEqualTo(503);
      assertThat(served.nextCompleted().cause()).isInstanceOf(RequestEnd.Finished.class);
      assertThat(wire.get("/?cancel").answer().status()).isEqualTo(500);
      assertThat(served.nextCompleted().cause()).isInstanceOf(RequestEnd.Finished.class);
    }
  }

  @Test
  @DisplayName("a failure after the head cuts the connection: no one takes the part for the whole")
  void failsAfterHead() throws Exception {
    try (Served served =
            serve((ctx, routing) -> {
              ctx.await(routing.response().setChunked(true).write("part").toCompletionStage());
              throw new IllegalStateException("in the middle");
            });
        Wire wire = Wire.to(served)) {
      wire.get("/");
      assertThatThrownBy(wire::answer).isInstanceOfAny(EOFException.class, SocketException.class);
      served.awaitUnderWay(0);
      assertThat(served.requests.counts().total()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a part of a fixed length whose handler returns is cut, too")
  void returnsBeforeTheEnd() throws Exception {
    try (Served served =
            serve((ctx, routing) -> {
              routing.response().putHeader("Content-Length", "10");
              ctx.await(routing.response().write("part").toCompletionStage());
            });
        Wire wire = Wire.to(served)) {
      wire.get("/");
      assertThat(wire.isClosedByServer()).isTrue();
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("whoever ends a response twice has answered once")
  void endsTwice() throws Exception {
    try (Served served =
            serve((ctx, routing) -> {
              routing.end("first");
              routing.end("second");
            });
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/").answer().body()).isEqualTo("first");
      assertEnded(served, 200, RequestEnd.Finished.class);
      assertThat(wire.get("/").answer().body()).isEqualTo("first");
    }
  }

  @Test
  @DisplayName("last words: a handler told that its time is over may still answer itself")
  void lastWords() throws Exception {
    Limits patient = SHORT.withAnswer(LONG);
    try (Served served =
            serve(
                patient,
                (ctx, routing) -> {
                  ctx.await(LONG);
                  routing.response().setStatusCode(503).end("half of it");
                });
        Wire wire = Wire.to(served)) {
      Answer answer = wire.get("/").answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("half of it");
      assertEnded(served, 503, RequestEnd.TimedOut.class);
    }
  }

  @Test
  @DisplayName("S20: whoever answers after the server did, fails, and nobody sees it")
  void answersTooLate() throws Exception {
    var late = new CompletableFuture<Throwable>();
    var answered = new CountDownLatch(1);
    try (Served served =
            serve(
                QUICK,
                (ctx, routing) -> {
                  timeIsOver(routing);
                  answered.await();
                  try {
                    routing.end("too late");
                  } catch (IllegalStateException ended) {
                    late.complete(ended);
                    throw ended;
                  }
                });
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/").answer().status()).isEqualTo(503);
      assertThat(served.requests.underWay()).isEqualTo(1);
      answered.countDown();
      assertThat(late.get(10, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
      assertEnded(served, 503, RequestEnd.TimedOut.class);
    }
  }

  @Test
  @DisplayName("S20: whoever fails while the server answers does not cut that answer off")
  void failsWhileItIsAnsweredFor() throws Exception {
    var begun = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    Limits limits = Limits.standard().withAnswer(Duration.ofSeconds(2));
    try (var served =
            new Served(
                limits,
                router -> {
                  router
                      .route()
                      .order(-1)
                      .failureHandler(routing -> {
                        HttpServerResponse response = routing.response().setStatusCode(503);
                        response.setChunked(true).write("the server, ");
                        begun.countDown();
                        Thread.startVirtualThread(() -> {
                          Eventually.holds("the handler failed", () -> over.getCount() == 0);
                          Eventually.holds("it has returned", () -> isOver(routing));
                          response.end("in its place");
                        });
                      });
                  router
                      .get("/")
                      .handler(
                          Blocking.on((ctx, routing) -> {
                            routing.put("handler", Thread.currentThread());
                            timeIsOver(routing);
                            begun.await();
                            over.countDown();
                            throw new IllegalStateException("too late");
                          }));
                });
        Wire wire = Wire.to(served)) {
      Answer answer = wire.get("/").answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("the server, in its place");
      assertEnded(served, 503, RequestEnd.TimedOut.class);
    }
  }

  private static boolean isOver(RoutingContext routing) {
    Thread handler = routing.get("handler");
    return handler != null && !handler.isAlive();
  }

  private static Served failing(Duration answer, Handler<RoutingContext> failures) {
    var limits = Limits.standard().withTotal(Duration.ofMillis(10)).withAnswer(answer);
    return new Served(
        limits,
        router -> {
          // on the loop that has the timers of the request: so their order is certain
          var loop = new CompletableFuture<io.vertx.core.Context>();
          router
              .route()
              .order(-1)
              .failureHandler(routing -> loop.join().runOnContext(_ -> failures.handle(routing)));
          router
              .get("/")
              .handler(routing -> {
                loop.complete(routing.vertx().getOrCreateContext());
                routing.next();
              })
              .handler(Blocking.on((ctx, routing) -> ctx.sleep(LONG)));
        });
  }

  @Test
  @DisplayName("last words: a failure handler has as long again, from when it was due")
  void slowFailureHandler() throws Exception {
    Duration answer = Duration.ofSeconds(1);
    long afterItWasDue = answer.plus(answer.dividedBy(2)).toMillis();
    try (var served =
            failing(
                answer,
                routing ->
                    routing
                        .vertx()
                        .setTimer(
                            afterItWasDue,
                            _ -> routing.response().setStatusCode(503).end("slow")));
        Wire wire = Wire.to(served)) {
      Answer words = wire.get("/").answer();
      assertThat(words.status()).isEqualTo(503);
      assertThat(words.body()).isEqualTo("slow");
    }
  }

  @Test
  @DisplayName("last words: a failure handler that says nothing at all is cut off")
  void silentFailureHandler() throws Exception {
    try (var served = failing(Duration.ofMillis(50), _ -> {});
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/").isClosedByServer()).isTrue();
    }
  }

  @Test
  @DisplayName("a response that is not complete when its time is over is cut, deaf handler or not")
  void streamingCut() throws Exception {
    var release = new CountDownLatch(1);
    try (Served served =
            serve(
                QUICK,
                (ctx, routing) -> {
                  routing.response().setChunked(true).write("part");
                  timeIsOver(routing);
                  release.await();
                });
        Wire wire = Wire.to(served)) {
      wire.get("/");
      assertThatThrownBy(wire::answer).isInstanceOfAny(EOFException.class, SocketException.class);
      assertThat(served.nextCompleted().cause()).isInstanceOf(RequestEnd.TimedOut.class);
      release.countDown();
      served.awaitUnderWay(0);
      assertThat(served.requests.counts().timedOut()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("interrupting: code that knows no context is woken, and the answer is 503")
  void interrupting() throws Exception {
    var woken = new CompletableFuture<Context>();
    try (Served served =
            new Served(
                Limits.standard().withAnswer(LONG),
                router ->
                    router
                        .get("/")
                        .handler(
                            Blocking.on(
                                    (ctx, routing) -> {
                                      try {
                                        timeIsOver(routing);
                                        new CountDownLatch(1).await();
                                      } finally {
                                        woken.complete(ctx);
                                      }
                                    })
                                .interrupting()));
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/").answer().status()).isEqualTo(503);
      assertThat(woken.get(10, TimeUnit.SECONDS).isDone()).isTrue();
      assertEnded(served, 503, RequestEnd.TimedOut.class);
    }
  }
}
