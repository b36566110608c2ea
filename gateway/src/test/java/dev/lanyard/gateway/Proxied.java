package dev.lanyard.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.http.Incoming;
import dev.lanyard.vertx.CompletedRequest;
import dev.lanyard.vertx.ErrorResponses;
import dev.lanyard.vertx.Limits;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A gateway on a free port of the loopback interface, before services that a test writes. */
final class Proxied implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  final Vertx vertx = Vertx.vertx();
  private static final Socket NOWHERE = new Socket();

  final BlockingQueue<CompletedRequest> completed = new LinkedBlockingQueue<>();
  private final Queue<Throwable> unhandled = new ConcurrentLinkedQueue<>();
  final RequestContexts requests;
  final Gateway gateway;
  final HttpServer server;
  private final List<URI> services = new ArrayList<>();

  @SafeVarargs
  Proxied(UnaryOperator<Route> change, Handler<HttpServerRequest>... services) {
    this(false, change, services);
  }

  @SafeVarargs
  Proxied(boolean trusting, UnaryOperator<Route> change, Handler<HttpServerRequest>... services) {
    this(Limits.standard().options(), trusting, change, services);
  }

  @SafeVarargs
  Proxied(
      HttpServerOptions options,
      boolean trusting,
      UnaryOperator<Route> change,
      Handler<HttpServerRequest>... services) {
    vertx.exceptionHandler(unhandled::add);
    for (Handler<HttpServerRequest> service : services) this.services.add(serve(service));
    Route route = change.apply(Route.to("/", this.services.toArray(URI[]::new)));
    var settings =
        RequestSettings.standard()
            .withIncoming(trusting ? Incoming.trusted() : Incoming.fromTheEdge())
            .withListener(completed::add);
    this.requests = RequestContexts.with(settings);
    this.gateway =
        Gateway.with(
            vertx, new GatewaySettings(List.of(route), trusting, new SimpleMeterRegistry()));
    Router router = Router.router(vertx);
    router.route().handler(requests).failureHandler(ErrorResponses.problems());
    router.route().handler(gateway);
    this.server = requests.attach(vertx.createHttpServer(options)).requestHandler(router);
    var _ = server.listen(0, "127.0.0.1").await();
  }

  private URI serve(Handler<HttpServerRequest> service) {
    HttpServer upstream = vertx.createHttpServer().requestHandler(service);
    var _ = upstream.listen(0, "127.0.0.1").await();
    return URI.create("http://127.0.0.1:" + upstream.actualPort());
  }

  /** Nobody listens there, and nobody else gets that port while these tests run. */
  static URI nowhere() throws IOException {
    synchronized (NOWHERE) {
      if (!NOWHERE.isBound()) {
        NOWHERE.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      }
      return URI.create("http://127.0.0.1:" + NOWHERE.getLocalPort());
    }
  }

  int port() {
    return server.actualPort();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** Sends the text and reads until the gateway closes the connection. */
  String exchange(String text) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  JsonObject state() {
    return gateway.state().getJsonArray("routes").getJsonObject(0);
  }

  JsonObject upstream(int index) {
    return state().getJsonArray("upstreams").getJsonObject(index);
  }

  CompletedRequest nextCompleted() throws InterruptedException {
    CompletedRequest request = completed.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (request == null) throw new AssertionError("no request was completed");
    return request;
  }

  /** Nothing may have been thrown that nobody caught. */
  @Override
  public void close() {
    vertx.close().await();
    assertThat(unhandled).isEmpty();
  }
}
