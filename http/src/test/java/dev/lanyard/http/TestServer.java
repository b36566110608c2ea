package dev.lanyard.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.StreamResetException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server in this JVM, plain and h2c, that remembers how each request ended. */
final class TestServer implements AutoCloseable {
  private static final int SECONDS = 10;

  /** A request as the server saw it. */
  static final class Seen {
    private final HttpServerRequest request;
    private final CompletableFuture<String> end = new CompletableFuture<>();

    private Seen(HttpServerRequest request) {
      this.request = request;
      var response = request.response();
      response.exceptionHandler(failure -> {
        if (failure instanceof StreamResetException reset) end.complete("reset " + reset.getCode());
        else end.complete("closed");
      });
      response.closeHandler(_ -> end.complete("closed"));
      response.endHandler(_ -> end.complete("answered"));
      request.exceptionHandler(failure -> {
        if (failure instanceof StreamResetException reset) end.complete("reset " + reset.getCode());
      });
    }

    HttpServerRequest request() {
      return request;
    }

    /** {@code closed}, {@code reset 8} or {@code answered}. */
    String end() throws Exception {
      return end.get(SECONDS, TimeUnit.SECONDS);
    }

    CompletableFuture<String> ending() {
      return end;
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();

  TestServer(Handler<HttpServerRequest> handler) {
    server =
        await(
            vertx
                .createHttpServer(
                    // By default a connection with 200 resets in half a minute counts as an attack.
                    new HttpServerOptions().setHttp2RstFloodMaxRstFramePerWindow(1_000_000))
                .connectionHandler(connection -> {
                  opened.incrementAndGet();
                  connections.add(connection);
                  connection.closeHandler(_ -> connections.remove(connection));
                })
                .requestHandler(request -> {
                  requests.incrementAndGet();
                  seen.add(new Seen(request));
                  handler.handle(request);
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture());
  }

  private static <T> T await(CompletableFuture<T> future) {
    return Objects.requireNonNull(future.orTimeout(20, TimeUnit.SECONDS).join());
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.actualPort() + path);
  }

  HttpRequest get(String path) {
    return HttpRequest.newBuilder(uri(path)).build();
  }

  /** The next request in the order of their arrival. */
  Seen next() throws InterruptedException {
    Seen next = seen.poll(SECONDS, TimeUnit.SECONDS);
    if (next == null) throw new AssertionError("no request came");
    return next;
  }

  BlockingQueue<Seen> seen() {
    return seen;
  }

  int requests() {
    return requests.get();
  }

  int connectionsOpened() {
    return opened.get();
  }

  int connectionsOpen() {
    return connections.size();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
