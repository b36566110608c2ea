package dev.lanyard.app.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers as the server's API would, with what a test tells it to. */
final class StubServer implements AutoCloseable {
  /** Ends a stream of events as a broken connection does. */
  static final String BREAK = "break";

  private static final long PATIENCE_SECONDS = 30;

  record Request(String method, String target, String body, Map<String, List<String>> headers) {
    @Nullable String header(String name) {
      List<String> values = headers.get(name);
      return values == null ? null : values.getFirst();
    }

    String call() {
      return method + " " + target;
    }
  }

  record Reply(int status, String type, String body) {
    static Reply json(int status, String body) {
      return new Reply(status, "application/json", body);
    }

    static Reply problem(int status, String detail) {
      return new Reply(
          status,
          "application/problem+json",
          "{\"type\":\"about:blank\",\"title\":\"No\",\"status\":"
              + status
              + ",\"detail\":\""
              + detail
              + "\"}");
    }
  }

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Function<Request, Reply>> routes = new ConcurrentHashMap<>();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  final List<Request> requests = new CopyOnWriteArrayList<>();

  StubServer() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  String address() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** {@code call} is such as {@code GET /api/tasks}, without what is behind the question mark. */
  StubServer on(String call, Function<Request, Reply> reply) {
    routes.put(call, reply);
    return this;
  }

  StubServer on(String call, String json) {
    return on(call, _ -> Reply.json(200, json));
  }

  /** Sent over the stream of events that is open, or is opened next. */
  StubServer event(String type, @Nullable Integer id, String data) {
    events.add(
        (id == null ? "" : "id: " + id + "\n") + "event: " + type + "\ndata: " + data + "\n\n");
    return this;
  }

  StubServer breakStream() {
    events.add(BREAK);
    return this;
  }

  List<String> calls() {
    return requests.stream().map(Request::call).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
              Map.copyOf(exchange.getRequestHeaders()));
      requests.add(request);
      String path = exchange.getRequestURI().getPath();
      Function<Request, Reply> route = routes.get(request.method() + " " + path);
      if (route == null && path.equals("/api/events")) {
        stream(exchange);
        return;
      }
      Reply reply =
          route == null ? Reply.problem(404, "no such thing: " + path) : route.apply(request);
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", reply.type());
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(": keep-alive\n\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      String event;
      while ((event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)) != null) {
        if (event.equals(BREAK)) return;
        out.write(event.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
