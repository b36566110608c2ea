package dev.lanyard.vertx;

import dev.lanyard.testing.Eventually;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A server on a free port of the loopback interface, and what it says of completed requests. */
final class Served implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** One for all tests: to make one for each would take most of their time. */
  private static final Vertx SHARED = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));

  final Vertx vertx = SHARED;
  final BlockingQueue<CompletedRequest> completed = new LinkedBlockingQueue<>();
  final RequestContexts requests;
  final HttpServer server;

  Served(Consumer<Router> routes) {
    this(RequestSettings.standard(), routes);
  }

  Served(Limits limits, Consumer<Router> routes) {
    this(RequestSettings.standard().withLimits(limits), routes);
  }

  /** For routes that need a Vert.x of their own to be made, such as those of another router. */
  Served(BiConsumer<Vertx, Router> routes) {
    this(router -> routes.accept(SHARED, router));
  }

  Served(RequestSettings settings, Consumer<Router> routes) {
    this(settings, settings.limits().options(), routes);
  }

  Served(RequestSettings settings, HttpServerOptions options, Consumer<Router> routes) {
    requests = RequestContexts.with(settings.withListener(completed::add));
    Router router = Router.router(vertx);
    router.route().handler(requests).failureHandler(ErrorResponses.problems());
    routes.accept(router);
    server = requests.attach(vertx.createHttpServer(options)).requestHandler(router);
    var _ = server.listen(0, "127.0.0.1").await();
  }

  int port() {
    return server.actualPort();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  CompletedRequest nextCompleted() throws InterruptedException {
    CompletedRequest request = completed.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (request == null) throw new AssertionError("no request was completed");
    return request;
  }

  void awaitUnderWay(int count) {
    Eventually.holds(() -> "under way: " + requests.underWay(), () -> requests.underWay() == count);
  }

  @Override
  public void close() {
    var _ = server.close().await();
  }
}
