package dev.lanyard.benchmarks.http;

import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.http.Incoming;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.vertx.AccessLog;
import dev.lanyard.vertx.Blocking;
import dev.lanyard.vertx.ErrorResponses;
import dev.lanyard.vertx.EventStream;
import dev.lanyard.vertx.Limits;
import dev.lanyard.vertx.RequestBody;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestCounts;
import dev.lanyard.vertx.RequestSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The same server with a context for each request and with all that stands around handlers in a
 * real one: request id, timing, access log, trace, deadline from the wire, error mapping, limits.
 */
final class LanyardServer {
  /** A crowd of ten thousand is welcome, and those who have left and are being noticed. */
  private static final Limits LIMITS = Limits.standard().withAtOnce(20_000);

  private LanyardServer() {}

  /**
   * Serves until the process is ended.
   *
   * @param arguments the file with the certificate
   * @throws IOException if the null device cannot be opened
   */
  public static void main(String[] arguments) throws IOException {
    Writer nowhere = Files.newBufferedWriter(Path.of("/dev/null"));
    RequestSettings settings =
        RequestSettings.standard()
            .withIncoming(Incoming.trusted())
            .withLimits(LIMITS)
            .withServerTiming()
            .withListener(AccessLog.to(nowhere));
    VertxServer.listen(
        Path.of(arguments[0]),
        LIMITS::options,
        () -> {
          RequestContexts requests = RequestContexts.with(settings);
          return (vertx, server) -> serve(vertx, server, requests);
        });
  }

  private static void serve(Vertx vertx, HttpServer server, RequestContexts requests) {
    Router router = Router.router(vertx);
    router.route().handler(requests);
    router.get("/hello").handler(Blocking.on((_, routing) -> hello(routing)));
    router.route("/wait").handler(Blocking.on((ctx, routing) -> block(ctx, id(routing))));
    router.route("/read").handler(Blocking.on(LanyardServer::readAndBlock));
    router
        .get("/stream")
        .handler(routing -> {
          int id = id(routing);
          EventStream.on(
                  (ctx, events) -> {
                    events.send("first");
                    block(ctx, id);
                  })
              .handle(routing);
        });
    router.get("/work").handler(Blocking.on(LanyardServer::work));
    router.get("/counts").handler(Blocking.on((_, routing) -> count(requests, routing)));
    router.route().failureHandler(ErrorResponses.problems());
    requests.attach(server).requestHandler(router);
  }

  private static void hello(RoutingContext routing) {
    routing.response().putHeader("Content-Type", "text/plain").end("hello");
  }

  private static void readAndBlock(Context ctx, RoutingContext routing)
      throws IOException, InterruptedException {
    try (var body = RequestBody.of(ctx, routing)) {
      body.transferTo(OutputStream.nullOutputStream());
    }
    block(ctx, id(routing));
  }

  private static void block(Context ctx, int id) throws InterruptedException {
    IO.println(new Notice.Started(id));
    if (ctx.await(Leaving.PATIENCE.plusSeconds(1))) IO.println(ended(ctx, id));
  }

  /** Takes as long as it is asked to. */
  private static void work(Context ctx, RoutingContext routing) throws InterruptedException {
    int id = id(routing);
    IO.println(new Notice.Started(id));
    ctx.onDone(() -> IO.println(ended(ctx, id)));
    ctx.sleep(Duration.ofMillis(Integer.parseInt(routing.queryParam("ms").getFirst())));
    routing.response().putHeader("Content-Type", "text/plain").end("done\n");
  }

  private static void count(RequestContexts requests, RoutingContext routing) {
    RequestCounts counts = requests.counts();
    routing
        .response()
        .end(
            """
            finished %d
            client-gone %d
            timed-out %d
            shutting-down %d
            other %d
            refused %d
            under-way %d
            """
                .formatted(
                    counts.finished(),
                    counts.clientGone(),
                    counts.timedOut(),
                    counts.shuttingDown(),
                    counts.other(),
                    counts.refused(),
                    requests.underWay()));
  }

  private static Notice ended(Context ctx, int id) {
    long now = TimeSource.system().nanoTime();
    return new Notice.Ended(
        id, now, ctx.cause() instanceof RequestEnd end ? end.kind() : "cancelled");
  }

  private static int id(RoutingContext routing) {
    return Integer.parseInt(routing.queryParam("id").getFirst());
  }
}
