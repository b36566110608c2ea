package dev.lanyard.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import dev.lanyard.testing.Eventually;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Contexts that end at random moments across a whole exchange: nothing is left of any. */
@Isolated
class AbortRacesTest {
  private static final int EXCHANGES = Integer.getInteger("lanyard.races", 400);
  private static final int AT_ONCE = 8;

  /**
   * What the delays span, each doubling as often as the others: every part of an exchange is hit.
   */
  private static final int DOUBLINGS = 12;

  private static final int WARM_UP = 200;

  private final RootContext root = Context.root(TimeSource.system());
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger cutOff = new AtomicInteger();
  private final AtomicInteger cutOffInBody = new AtomicInteger();

  private static void serve(HttpServerRequest request) {
    var response = request.response();
    switch (String.valueOf(request.path())) {
      case "/text" -> response.end("a".repeat(1_000));
      case "/stream" -> {
        response.setChunked(true).write("b".repeat(50_000));
        response.write("b".repeat(50_000));
        response.end();
      }
      case "/redirect" -> response.setStatusCode(302).putHeader("Location", "/text").end();
      case "/silent" -> {}
      case "/stalls" -> response.setChunked(true).write("c".repeat(10_000));
      default -> request.endHandler(_ -> response.end("thanks"));
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  @Timeout(120)
  @DisplayName(
      "C1 C11 C12: an end at any moment leaves an answer or our exception, and nothing else")
  void endsAtAnyMoment(Version version) throws Exception {
    try (var server = new TestServer(AbortRacesTest::serve);
        ExecutorService users = Executors.newFixedThreadPool(AT_ONCE);
        HttpClient http =
            HttpClient.newBuilder()
                .version(version)
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build()) {
      ContextHttpClient client = ContextHttpClient.over(http);
      double longestNanos = 4 * nanosOfAnExchange(client, server);
      var random = new SplittableRandom(41);
      List<Future<?>> exchanges = new ArrayList<>();
      for (int i = 0; i < EXCHANGES; i++) {
        var choices = random.split();
        Callable<?> exchange =
            () -> {
              exchange(client, server, choices, longestNanos);
              return null;
            };
        exchanges.add(users.submit(exchange));
      }
      for (Future<?> each : exchanges) each.get();

      Eventually.holds("no listener is left", () -> root.listening().isEmpty());
      Eventually.holds(
          "every request has ended",
          () -> server.seen().stream().allMatch(seen -> seen.ending().isDone()));
      Eventually.holds(
          "no thread is left",
          () ->
              Thread.getAllStackTraces().keySet().stream()
                  .noneMatch(thread -> thread.getName().startsWith("lanyard-upload")));
      // What is still open can be used again, and nothing else is.
      http.shutdown();
      assertThat(http.awaitTermination(Duration.ofSeconds(10))).isTrue();
      Eventually.holds("no connection is left", () -> server.connectionsOpen() == 0);
      assertThat(answered).hasPositiveValue();
      assertThat(cutOff).hasPositiveValue();
      assertThat(cutOffInBody).hasPositiveValue();
      assertThat(answered.get() + cutOff.get()).isEqualTo(EXCHANGES);
    }
  }

  /** Of a warm client on this machine. */
  private static double nanosOfAnExchange(ContextHttpClient client, TestServer server)
      throws Exception {
    TimeSource time = TimeSource.system();
    long beginning = 0;
    for (int i = 0; i < WARM_UP; i++) {
      if (i == WARM_UP / 2) beginning = time.nanoTime();
      read(
          client
              .send(Context.background(), server.get("/stream"), BodyHandlers.ofInputStream())
              .body());
    }
    return (time.nanoTime() - beginning) / (WARM_UP / 2.0);
  }

  private void exchange(
      ContextHttpClient client, TestServer server, SplittableRandom random, double longestNanos)
      throws Exception {
    CancellableContext context = root.withCancel();
    long delay = (long) (longestNanos / Math.pow(2, random.nextDouble(DOUBLINGS)));
    int kind = random.nextInt(8);
    // The last two kinds end after a known point, so that each outcome is met on a machine of any
    // speed; the others at any moment at all.
    if (kind < 6) cancelAfter(delay, context);
    try {
      switch (kind) {
        case 0 -> client.send(context, server.get("/text"), BodyHandlers.ofString());
        case 1 -> client.send(context, server.get("/redirect"), BodyHandlers.ofString());
        case 2 -> client.send(context, upload(server), BodyHandlers.ofString());
        case 3 -> {
          client.send(context, server.get("/silent"), BodyHandlers.discarding());
          throw new AssertionError("nobody answers that");
        }
        case 4 -> {
          client
              .send(context, server.get("/stalls"), BodyHandlers.ofInputStream())
              .body()
              .readAllBytes();
          throw new AssertionError("that has no end");
        }
        case 5 ->
            read(client.send(context, server.get("/stream"), BodyHandlers.ofInputStream()).body());
        case 6 -> {
          InputStream body =
              client.send(context, server.get("/stalls"), BodyHandlers.ofInputStream()).body();
          cancelAfter(delay, context);
          body.readAllBytes();
          throw new AssertionError("that has no end");
        }
        default -> {
          client.send(context, server.get("/text"), BodyHandlers.ofString());
          cancelAfter(delay, context);
        }
      }
      answered.incrementAndGet();
    } catch (ContextException ended) {
      assertThat(context.isDone()).isTrue();
      cutOff.incrementAndGet();
    } catch (IOException broken) {
      assertThat(broken).hasCauseInstanceOf(ContextException.class);
      cutOff.incrementAndGet();
      cutOffInBody.incrementAndGet();
    }
  }

  private static void cancelAfter(long nanos, CancellableContext context) {
    Thread.startVirtualThread(() -> {
      LockSupport.parkNanos(nanos);
      context.cancel();
    });
  }

  private static void read(InputStream body) throws IOException {
    assertThat(body.readAllBytes()).hasSize(100_000).containsOnly('b');
  }

  private static HttpRequest upload(TestServer server) {
    return HttpRequest.newBuilder(server.uri("/upload"))
        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[60_000])))
        .build();
  }
}
