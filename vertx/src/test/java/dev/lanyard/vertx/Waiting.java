package dev.lanyard.vertx;

import dev.lanyard.context.Context;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A handler that waits until its context ends, and says what ended it. */
final class Waiting implements ContextHandler {
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CompletableFuture<Throwable> cause = new CompletableFuture<>();

  @Override
  public void handle(Context ctx, RoutingContext routing) throws Exception {
    await(ctx);
  }

  /** For a handler that does something before. */
  void await(Context ctx) throws InterruptedException {
    entered.countDown();
    Throwable end = ctx.await(Served.PATIENCE) ? ctx.cause() : null;
    cause.complete(end == null ? new AssertionError("the context has not ended in time") : end);
  }

  void awaitEntered() throws InterruptedException {
    boolean in = entered.await(Served.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (!in) throw new AssertionError("the handler was not called in time");
  }

  Throwable cause() throws Exception {
    return cause.get(2 * Served.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
