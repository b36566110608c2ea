package dev.lanyard.vertx;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.http.RequestEnd;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One connection of an attached server. Cuts off a client whose next head does not come in time,
 * however many bytes of it trickle in. All is done on the event loop of the connection, but for the
 * end of a request.
 *
 * <p>One timer runs for as long as the connection is open and looks at the clock when it rings: to
 * set and cancel one for each request costs more than all else that is done for it here.
 */
final class Connection {
  private static final Duration LONGEST = Duration.ofDays(365);

  private final Connections connections;
  private final HttpConnection transport;
  private final CancellableContext ctx;
  private final Limits limits;
  private final io.vertx.core.Context eventLoop;
  private final AtomicInteger requests = new AtomicInteger();
  private volatile long quietSince;
  private volatile boolean draining;
  private final Duration betweenRequests;
  private Duration patience;
  private long timer;

  Connection(Connections connections, HttpConnection transport, Context parent, Limits limits) {
    this.connections = connections;
    this.transport = transport;
    this.ctx = parent.withCancel();
    this.limits = limits;
    this.eventLoop = Objects.requireNonNull(Vertx.currentContext());
    this.quietSince = TimeSource.system().nanoTime();
    this.patience = limits.header();
    this.betweenRequests = limits.idle().plus(limits.header());
    lookAgainAfter(limits.header());
  }

  Context context() {
    return ctx;
  }

  void requestBegan() {
    patience = betweenRequests;
    requests.incrementAndGet();
  }

  /** On any thread: to get to the event loop costs more than an atomic counter. */
  void requestOver() {
    quietSince = TimeSource.system().nanoTime();
    if (requests.decrementAndGet() == 0 && draining) eventLoop.runOnContext(_ -> closeIfQuiet());
  }

  /**
   * On any thread. HTTP/1.1 is closed when nothing is under way; Vert.x sends what waits before.
   * Its own shutdown does not: it drops what a response has not sent yet.
   */
  void drain() {
    draining = true;
    eventLoop.runOnContext(_ -> closeIfQuiet());
  }

  private void closeIfQuiet() {
    if (transport.protocolVersion() == HttpVersion.HTTP_2) transport.shutdown(LONGEST);
    else if (requests.get() == 0) transport.close();
  }

  private void lookAgainAfter(Duration delay) {
    timer = eventLoop.owner().setTimer(Math.max(1, Limits.millis(delay)), _ -> look());
  }

  private void look() {
    if (requests.get() > 0) {
      lookAgainAfter(limits.header());
      return;
    }
    long quiet = TimeSource.system().nanoTime() - quietSince;
    Duration left = patience.minusNanos(quiet);
    if (left.isPositive()) lookAgainAfter(left);
    else transport.close();
  }

  /** Also of one that was upgraded: of that, Vert.x does not tell the handler of the connection. */
  void closed() {
    connections.forget(transport);
    eventLoop.owner().cancelTimer(timer);
    ctx.cancel(new RequestEnd.ClientGone("the connection was closed"));
  }
}
