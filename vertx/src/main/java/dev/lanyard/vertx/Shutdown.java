package dev.lanyard.vertx;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.http.RequestId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A server that stops: first it drains, then it cuts off what is left, then it is closed. Each step
 * is taken by an event: the last request is over, or the time is.
 */
final class Shutdown {
  private final List<HttpServer> servers;
  private final CancellableContext serving;
  private final Duration drain;
  private final Duration answer;
  private final long begun = TimeSource.system().nanoTime();

  /** Ends when the shutdown begins. */
  private final CancellableContext accepting;

  /** Ends when nothing is under way any more, or when the drain has lasted long enough. */
  private final CancellableContext draining;

  /** Ends when nothing is under way any more, or when the last words have been said. */
  private final CancellableContext closing;

  private final Promise<ShutdownReport> report = Promise.promise();

  @GuardedBy("this")
  private final List<ShutdownReport.Cut> cut = new ArrayList<>();

  Shutdown(
      List<HttpServer> servers,
      CancellableContext serving,
      CancellableContext accepting,
      Duration drain,
      Duration answer) {
    this.servers = servers;
    this.serving = serving;
    this.accepting = accepting;
    this.drain = drain;
    this.answer = answer;
    this.draining = Context.background().withTimeout(drain);
    // twice: first the handler has it to itself, then the server answers and the client reads
    this.closing = Context.background().withTimeout(drain.plus(answer.multipliedBy(2)));
  }

  Future<ShutdownReport> report() {
    return report.future();
  }

  void begin() {
    accepting.cancel(RequestEnd.ShuttingDown.INSTANCE);
    for (HttpServer server : servers) {
      var _ = server.shutdown(drain.plus(answer.multipliedBy(4)));
    }
    draining.onDone(() -> serving.cancel(RequestEnd.ShuttingDown.INSTANCE));
    closing.onDone(this::close);
  }

  /** Nothing is under way. */
  void drained() {
    draining.cancel();
    closing.cancel();
  }

  private void close() {
    Future.join(servers.stream().map(HttpServer::close).toList())
        .onComplete(_ -> report.tryComplete(result()));
  }

  /** A stream of events that ends before has been told, not cut. */
  synchronized void cut(RequestScope scope) {
    if (!draining.isDone()) return;
    var request = scope.routing.request();
    String id = scope.context().value(RequestId.KEY);
    cut.add(
        new ShutdownReport.Cut(
            request.method().name(),
            request.uri(),
            Objects.requireNonNullElse(id, ""),
            scope.age()));
  }

  private synchronized ShutdownReport result() {
    cut.sort(Comparator.comparing(ShutdownReport.Cut::age).reversed());
    return new ShutdownReport(Duration.ofNanos(TimeSource.system().nanoTime() - begun), cut);
  }
}
