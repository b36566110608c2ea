package dev.lanyard.benchmarks.http;

import dev.lanyard.context.TimeSource;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Vert.x with a virtual thread for each request and nothing else: what a server with contexts is
 * compared with.
 */
final class BareServer {
  private BareServer() {}

  /**
   * Serves until the process is ended.
   *
   * @param arguments the file with the certificate
   */
  public static void main(String[] arguments) {
    VertxServer.listen(
        Path.of(arguments[0]),
        HttpServerOptions::new,
        () -> (vertx, server) -> server.requestHandler(handler(vertx)));
  }

  private static Handler<HttpServerRequest> handler(Vertx vertx) {
    Router router = Router.router(vertx);
    router.get("/hello").handler(routing -> answerOnVirtualThread(routing.response()));
    router.route("/wait").handler(BareServer::blockOnVirtualThread);
    router
        .route("/read")
        .handler(routing -> routing.request().body().onSuccess(_ -> blockOnVirtualThread(routing)));
    router
        .get("/stream")
        .handler(routing -> {
          routing.response().putHeader("Content-Type", "text/event-stream").setChunked(true);
          routing.response().write("data: first\n\n");
          blockOnVirtualThread(routing);
        });
    return request -> {
      if ("/bare".equals(request.path())) answerOnVirtualThread(request.response());
      else router.handle(request);
    };
  }

  private static void answerOnVirtualThread(HttpServerResponse response) {
    Thread.startVirtualThread(() -> response.putHeader("Content-Type", "text/plain").end("hello"));
  }

  private static void blockOnVirtualThread(RoutingContext routing) {
    int id = Integer.parseInt(routing.queryParam("id").getFirst());
    var gone = new CountDownLatch(1);
    routing.response().exceptionHandler(_ -> gone.countDown());
    routing.response().closeHandler(_ -> gone.countDown());
    Thread.startVirtualThread(() -> block(id, gone));
  }

  private static void block(int id, CountDownLatch gone) {
    IO.println(new Notice.Started(id));
    try {
      if (gone.await(Leaving.PATIENCE.toMillis() + 1_000, TimeUnit.MILLISECONDS)) {
        IO.println(new Notice.Ended(id, TimeSource.system().nanoTime(), "gone"));
      }
    } catch (InterruptedException nobodyInterrupts) {
      throw new AssertionError(nobodyInterrupts);
    }
  }
}
