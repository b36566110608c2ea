package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.http.RequestId;
import dev.lanyard.testing.Eventually;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each request is told once, with one cause, whatever both sides do. */
class CountsTest {
  private static final int CLIENTS = 20;
  private static final int CONNECTIONS = 100;
  private static final Limits LIMITS =
      Limits.standard()
          .withTotal(Duration.ofMillis(40))
          .withAnswer(Duration.ofMillis(5))
          .withRead(Duration.ofMillis(40))
          .withBody(5_000)
          .withAtOnce(18);

  @Test
  @DisplayName("a listener is told of a request on its event loop, and one that fails harms nobody")
  void listener() throws Exception {
    var thread = new CompletableFuture<String>();
    var settings =
        RequestSettings.standard()
            .withListener(_ -> {
              thread.complete(Thread.currentThread().getName());
              throw new IllegalStateException("a listener that fails");
            });
    try (var served =
            new Served(
                settings,
                router ->
                    router.get("/").handler(Blocking.on((ctx, routing) -> routing.end("a"))));
        Wire wire = Wire.to(served)) {
      assertThat(wire.get("/").answer().body()).isEqualTo("a");
      assertThat(thread.get(10, TimeUnit.SECONDS)).contains("eventloop");
      assertThat(served.nextCompleted().status()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("Server-Timing says how long it took, where it is asked for")
  void serverTiming() throws Exception {
    try (var served =
            new Served(
                RequestSettings.standard().withServerTiming(),
                router ->
                    router
                        .get("/")
                        .handler(
                            Blocking.on((ctx, routing) -> {
                              ctx.sleep(Duration.ofMillis(20));
                              routing.end("slept");
                            })));
        Wire wire = Wire.to(served)) {
      for (String target : List.of("/", "/nowhere")) {
        String timing = wire.get(target).answer().header("Server-Timing");
        assertThat(timing).matches("total;dur=[0-9]+(\\.[0-9]+)?");
        double milliseconds = Double.parseDouble(String.valueOf(timing).substring(10));
        assertThat(milliseconds).isBetween(target.equals("/") ? 20.0 : 0.0, 10_000.0);
      }
    }
  }

  @Test
  @DisplayName("atOnce: one more is told to come again, and there is room when one has ended")
  void shedding() throws Exception {
    var release = new CountDownLatch(1);
    var entered = new CountDownLatch(2);
    try (var served =
            new Served(
                Limits.standard().withAtOnce(2),
                router -> {
                  router
                      .get("/")
                      .handler(
                          Blocking.on((ctx, routing) -> {
                            entered.countDown();
                            release.await();
                            routing.end("worked");
                          }));
                });
        Wire one = Wire.to(served);
        Wire two = Wire.to(served);
        Wire three = Wire.to(served)) {
      one.get("/");
      two.get("/");
      entered.await();
      for (int i = 0; i < 3; i++) {
        Answer refused = three.get("/").answer();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isNotNull();
      }
      assertThat(served.requests.counts().refused()).isEqualTo(3);
      release.countDown();
      assertThat(one.answer().body()).isEqualTo("worked");
      assertThat(two.answer().body()).isEqualTo("worked");
      served.awaitUnderWay(0);
      assertThat(three.get("/").answer().body()).isEqualTo("worked");
      served.awaitUnderWay(0);
      assertThat(served.requests.counts()).isEqualTo(new RequestCounts(6, 0, 0, 0, 0, 3));
    }
  }

  @Test
  @DisplayName("S9: 2,000 requests of all kinds: each has one end, and nothing is left under way")
  void allKinds() throws Exception {
    Queue<String> called = new ConcurrentLinkedQueue<>();
    var leaves = new Waiting();
    ContextHandler behaving =
        (ctx, routing) -> {
          called.add(String.valueOf(ctx.value(RequestId.KEY)));
          behave(ctx, routing);
        };
    try (var served =
        new Served(
            LIMITS,
            router -> {
              router.get("/patient/leave").handler(Blocking.on(leaves).withoutTimeout());
              router.get("/patient/:kind").handler(Blocking.on(behaving).withoutTimeout());
              router.route("/:kind").handler(Blocking.on(behaving));
            })) {
      var sent = new AtomicInteger();
      List<Thread> clients = new ArrayList<>();
      Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < CLIENTS; i++) {
        var random = new Random(i);
        clients.add(
            Thread.ofVirtual()
                .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
                .start(() -> client(served, random, sent)));
      }
      for (Thread client : clients) assertThat(client.join(Duration.ofSeconds(60))).isTrue();
      assertThat(failures).isEmpty();
      oneOfEachKind(served, leaves, sent);
      served.awaitUnderWay(0);
      Eventually.holds("told of all", () -> told(served) == served.completed.size());
      Map<String, Long> times =
          served.completed.stream()
              .collect(Collectors.groupingBy(CountsTest::id, Collectors.counting()));
      assertThat(times).allSatisfy((id, count) -> assertThat(count).as(id).isEqualTo(1));
      assertThat(times.keySet()).containsAll(called);
      assertThat(times.size()).isLessThanOrEqualTo(sent.get());
      RequestCounts counts = served.requests.counts();
      assertThat(counts.finished()).isPositive();
      assertThat(counts.clientGone()).isPositive();
      assertThat(counts.timedOut()).isPositive();
      assertThat(counts.other()).isZero();
      assertThat(counts.shuttingDown()).isZero();
    }
  }

  /** Whether chance has met each of them depends on the speed of the machine. */
  private static void oneOfEachKind(Served served, Waiting waiting, AtomicInteger sent)
      throws Exception {
    served.awaitUnderWay(0);
    sent.addAndGet(3);
    try (Wire wire = Wire.to(served)) {
      wire.get("/wait").in().read();
    }
    try (Wire wire = Wire.to(served)) {
      assertThat(wire.get("/patient/answer").answer().body()).isEqualTo("answer");
      wire.get("/patient/leave");
      waiting.awaitEntered();
    }
    assertThat(waiting.cause()).isInstanceOf(RequestEnd.ClientGone.class);
  }

  private static long told(Served served) {
    return served.requests.counts().total();
  }

  private static String id(CompletedRequest request) {
    return String.valueOf(request.ctx().value(RequestId.KEY));
  }

  private static void behave(Context ctx, RoutingContext routing) throws Exception {
    switch (String.valueOf(routing.pathParam("kind"))) {
      case "answer" -> routing.end("answer");
      case "silent" -> {}
      case "wait" -> ctx.sleep(Duration.ofSeconds(10));
      case "little" -> ctx.await(Duration.ofMillis(3));
      case "read" -> routing.end("" + RequestBody.of(ctx, routing).readAllBytes().length);
      case "stream" -> {
        var body = ResponseBody.of(ctx, routing);
        for (int i = 0; i < 10; i++) body.write(new byte[20_000]);
        body.close();
      }
      case "fail" -> throw new HttpException(418);
      case "half" -> {
        routing.response().setChunked(true).write("half");
        throw new HttpException(500);
      }
      case "deaf" -> {
        // about when the server answers in its place
        ctx.await(Duration.ofSeconds(10));
        ctx.withoutCancel().await(LIMITS.answer());
        routing.end("late");
      }
      default -> routing.next();
    }
  }

  /** Keeps to the rules for a while, and leaves when it likes. */
  private static void client(Served served, Random random, AtomicInteger sent) {
    String[] kinds = {
      "answer", "silent", "wait", "little", "read", "stream", "fail", "half", "deaf", "answer"
    };
    for (int i = 0; i < CONNECTIONS; i++) {
      try (Wire wire = Wire.to(served)) {
        String kind = kinds[random.nextInt(kinds.length)];
        int length = random.nextInt(8) == 0 ? 6_000 : random.nextInt(2_000);
        sent.incrementAndGet();
        if (random.nextBoolean()) {
          wire.get("/" + kind);
        } else {
          wire.send(Wire.head("POST", "/" + kind, "Content-Length: " + length));
          wire.send(new byte[random.nextInt(4) == 0 ? length / 2 : length]);
        }
        switch (random.nextInt(4)) {
          case 0 -> wire.reset();
          case 1 -> wire.in().read();
          default -> wire.answer();
        }
      } catch (IOException cut) {
        // by the server, as it should
      }
    }
  }
}
