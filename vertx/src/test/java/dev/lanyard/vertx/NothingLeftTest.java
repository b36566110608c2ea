package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.context.Registration;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.testing.Eventually;
import io.vertx.ext.web.handler.HttpException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** After requests of every kind nobody listens to the base, no alarm is set and no context kept. */
@Isolated("collects garbage")
class NothingLeftTest {
  private static final int ROUNDS = 40;
  private static final List<String> TARGETS =
      List.of("/answer", "/silent", "/wait", "/fail", "/half", "/stream", "/events", "/nowhere");

  @Test
  @DisplayName("N requests of every kind leave no listener, alarm, context or handler behind")
  void nothing() throws Exception {
    var time = new CountedTime();
    RootContext base = Context.root(time);
    Queue<WeakReference<Context>> contexts = new ConcurrentLinkedQueue<>();
    var handlers = new AtomicInteger();
    Limits limits =
        Limits.standard().withTotal(Duration.ofMillis(30)).withAnswer(Duration.ofMillis(5));
    var settings = RequestSettings.standard().withBase(base).withLimits(limits);
    try (var served =
        new Served(
            settings,
            router -> {
              Middleware counted =
                  next ->
                      (ctx, routing) -> {
                        contexts.add(new WeakReference<>(ctx));
                        handlers.incrementAndGet();
                        try {
                          next.handle(ctx, routing);
                        } finally {
                          handlers.decrementAndGet();
                        }
                      };
              ContextHandler all =
                  (ctx, routing) -> {
                    switch (String.valueOf(routing.pathParam("kind"))) {
                      case "answer" -> routing.end("answer");
                      case "wait" -> ctx.sleep(Served.PATIENCE);
                      case "fail" -> throw new HttpException(409);
                      case "half" -> {
                        routing.response().setChunked(true).write("half");
                        throw new HttpException(409);
                      }
                      case "stream" -> {
                        var body = ResponseBody.of(ctx, routing);
                        body.write(RequestBody.of(ctx, routing).readAllBytes());
                        body.write(new byte[100_000]);
                        body.close();
                      }
                      default -> {}
                    }
                  };
              router
                  .get("/events")
                  .handler(
                      EventStream.on((ctx, events) -> {
                        contexts.add(new WeakReference<>(ctx));
                        events.send("hello");
                        ctx.await();
                      }));
              router.route("/nowhere").handler(routing -> routing.fail(404));
              router.route("/:kind").handler(Blocking.on(counted.wrap(all)).interrupting());
            })) {
      for (int i = 0; i < ROUNDS; i++) {
        for (String target : TARGETS) request(served, target, i);
      }
      served.awaitUnderWay(0);
      Eventually.holds("handlers return", () -> handlers.get() == 0);
      // below the base stands the context of the server, which listens for connections that are
      // open
      Eventually.holds(() -> "alarms: " + time.armed(), () -> time.armed() == 0);
      served.completed.clear();
      Eventually.holds(
          () -> "contexts are collected: " + kept(contexts),
          () -> {
            System.gc();
            return kept(contexts) == 0;
          });
      assertThat(served.requests.counts().total()).isEqualTo((long) ROUNDS * TARGETS.size());
      assertThat(served.requests.shutdown(Duration.ZERO).await().cut()).isEmpty();
    }
    Eventually.holds(() -> "listening: " + base.listening(), () -> base.listening().isEmpty());
  }

  private static long kept(Queue<WeakReference<Context>> contexts) {
    return contexts.stream().filter(each -> !each.refersTo(null)).count();
  }

  private static void request(Served served, String target, int round) throws IOException {
    try (Wire wire = Wire.to(served)) {
      if (round % 2 == 0) wire.get(target, "grpc-timeout: 20m");
      else wire.send(Wire.head("POST", target, "Content-Length: 10") + "0123456789");
      switch (round % 4) {
        case 0 -> wire.reset();
        case 1 -> wire.in().read();
        default -> wire.answer();
      }
    } catch (IOException cut) {
      // by the server, as some of them are
    }
  }

  @Test
  @DisplayName("S14: what a connection had under way ends with it, also on the event loop")
  void connectionEnds() throws Exception {
    Queue<Context> contexts = new ConcurrentLinkedQueue<>();
    try (var served =
            new Served(router ->
                router
                    .get("/")
                    .handler(routing -> contexts.add(RequestContexts.context(routing))));
        Wire wire = Wire.to(served)) {
      wire.get("/");
      Eventually.holds("called", () -> !contexts.isEmpty());
      wire.cut();
      Context ctx = contexts.remove();
      assertThat(ctx.await(Served.PATIENCE)).isTrue();
      assertThat(ctx.cause()).isInstanceOf(RequestEnd.ClientGone.class);
      served.awaitUnderWay(0);
    }
  }

  /** The system's time, with the number of alarms that are set. */
  private static final class CountedTime implements TimeSource {
    private final TimeSource system = TimeSource.system();
    private final AtomicInteger armed = new AtomicInteger();

    int armed() {
      return armed.get();
    }

    @Override
    public long nanoTime() {
      return system.nanoTime();
    }

    @Override
    public Instant instant() {
      return system.instant();
    }

    @Override
    public Registration schedule(long nanoTime, Runnable action) {
      armed.incrementAndGet();
      Registration registration =
          system.schedule(
              nanoTime,
              () -> {
                armed.decrementAndGet();
                action.run();
              });
      return () -> {
        boolean stopped = registration.stop();
        if (stopped) armed.decrementAndGet();
        return stopped;
      };
    }
  }
}
