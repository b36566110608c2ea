package dev.lanyard.examples;

import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.vertx.Blocking;
import dev.lanyard.vertx.CompletedRequest;
import dev.lanyard.vertx.Limits;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A report takes a minute; its reader closes the window long before. */
final class ClientLeaves {
  private static final CountDownLatch BEGUN = new CountDownLatch(1);
  private static final CountDownLatch OVER = new CountDownLatch(2);

  // @start region="guide"
  private static void report(Context ctx, RoutingContext routing) throws InterruptedException {
    BEGUN.countDown();
    try {
      ctx.sleep(Duration.ofMinutes(1));
      routing.end("the report");
    } catch (ContextException ended) {
      IO.println("handler: " + ctx.cause());
      throw ended;
    } finally {
      OVER.countDown();
    }
  }

  // @end

  private static void log(CompletedRequest request) {
    OVER.countDown();
  }

  static void main() throws IOException, InterruptedException {
    Vertx vertx = Vertx.vertx();
    RequestSettings settings = RequestSettings.standard().withListener(ClientLeaves::log);
    RequestContexts requests = RequestContexts.with(settings);
    Router router = Router.router(vertx);
    router.route().handler(requests);
    router.get("/report").handler(Blocking.on(ClientLeaves::report));
    HttpServer server = vertx.createHttpServer(Limits.standard().options());
    requests.attach(server).requestHandler(router).listen(0, "127.0.0.1").await();

    String ask = "GET /report HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
      BEGUN.await();
    } // the window is closed
    OVER.await();
    IO.println("server: " + requests.counts().clientGone() + " request left by its client");
    vertx.close().await();
  }
}

// Output:
// handler: dev.lanyard.http.RequestEnd$ClientGone: the client has gone: Connection was closed
// server: 1 request left by its client
