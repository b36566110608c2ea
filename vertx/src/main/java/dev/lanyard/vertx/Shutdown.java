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
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** Longer than a busy machine stalls: after that, a thread that accepts is taken for stuck. */
  private static final Duration PATIENCE_WITH_PORTS = Duration.ofSeconds(10);

  private final List<HttpServer> servers;
  private final Connections connections;
  private final CancellableContext serving;
  private final long begun = TimeSource.system().nanoTime();

  /** Ends when the shutdown begins. */
  private final CancellableContext accepting;

  /** Ends when nothing is under way any more, or when the drain has lasted long enough. */
  private final CancellableContext draining;

  /** Ends when all connections are closed, or when the last words have been said. */
  private final CancellableContext closing;

  /**
   * Completed when each request that is left has been told: one that answers at once may be over,
   * and its connection closed, while others are still being told.
   */
  private final Promise<Void> told = Promise.promise();

  private final Promise<ShutdownReport> report = Promise.promise();

  /** One moment for all ages: they are told one after the other, and the oldest comes first. */
  private volatile long cutting = begun;

  @GuardedBy("this")
  private final List<ShutdownReport.Cut> cut = new ArrayList<>();

  Shutdown(
      List<HttpServer> servers,
      Connections connections,
      CancellableContext serving,
      CancellableContext accepting,
      Duration drain,
      Duration answer) {
    this.servers = servers;
    this.connections = connections;
    this.serving = serving;
    this.accepting = accepting;
    Duration patience = drain.compareTo(LONGEST) < 0 ? drain : LONGEST;
    this.draining = Context.background().withTimeout(patience);
    // twice: first the handler has it to itself, then the server answers and the client reads
    this.closing = Context.background().withTimeout(patience.plus(answer).plus(answer));
  }

  Future<ShutdownReport> report() {
    return report.future();
  }

  void begin() {
    accepting.cancel(RequestEnd.ShuttingDown.INSTANCE);
    draining.onDone(this::cancelTheRest);
    closing.onDone(this::close);
    connections.drain(closing::cancel);
  }

  /** No handler is at work, and no response is to come: some may still be on their way out. */
  void drained() {
    draining.cancel();
  }

  private void cancelTheRest() {
    cutting = TimeSource.system().nanoTime();
    serving.cancel(RequestEnd.ShuttingDown.INSTANCE);
    told.complete();
  }

  private void close() {
    draining.cancel();
    List<Future<Void>> closings = servers.stream().map(HttpServer::close).toList();
    // Vert.x waits for clients that take nothing; whoever shuts down does not
    CancellableContext closed = Context.background().withTimeout(PATIENCE);
    closed.onDone(() -> awaitPorts(closings));
    Future.join(closings).onComplete(_ -> closed.cancel());
  }

  /**
   * Last of all: whoever has the report may start the next server in its place. A thread that is
   * stuck while it accepts is not waited for.
   */
  private void awaitPorts(List<Future<Void>> closings) {
    CancellableContext free = Context.background().withTimeout(PATIENCE_WITH_PORTS);
    free.onDone(() -> told.future().onComplete(_ -> report.tryComplete(result())));
    Future.join(closings.stream().map(PortRelease::after).toList()).onComplete(_ -> free.cancel());
  }

  synchronized void cut(RequestScope scope) {
    var request = scope.routing.request();
    String id = scope.context().value(RequestId.KEY);
    cut.add(
        new ShutdownReport.Cut(
            request.method().name(),
            request.uri(),
            Objects.requireNonNullElse(id, ""),
            scope.age(cutting)));
  }

  private synchronized ShutdownReport result() {
    cut.sort(Comparator.comparing(ShutdownReport.Cut::age).reversed());
    return new ShutdownReport(Duration.ofNanos(TimeSource.system().nanoTime() - begun), cut);
  }
}
