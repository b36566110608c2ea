package dev.lanyard.vertx;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.http.RequestEnd;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
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
  private final HttpConnection transport;
  private final CancellableContext ctx;
  private final Limits limits;
  private final io.vertx.core.Context eventLoop;
  private final AtomicInteger requests = new AtomicInteger();
  private volatile long quietSince;
  private final Duration betweenRequests;
  private Duration patience;
  private long timer;

  Connection(HttpConnection transport, Context parent, Limits limits) {
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
    requests.decrementAndGet();
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

  void closed() {
    eventLoop.owner().cancelTimer(timer);
    ctx.cancel(new RequestEnd.ClientGone("the connection was closed"));
  }
}
