package dev.lanyard.vertx;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.http.RequestId;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link ContextHandler} on a virtual thread of its own, with the context of its request as
 * argument and as {@linkplain Context#current() current one}.
 *
 * <p><b>The answer.</b> A handler answers before it returns. If it has not begun a response, an
 * empty one with status 200 is sent, or what the end of its context asks for; if it has begun one
 * and not ended it, it is ended. Whoever leaves the answer to something asynchronous waits for
 * that: {@code ctx.await(response.sendFile(name).toCompletionStage())}.
 *
 * <p><b>Failures</b> go to the failure handlers of the router: with 504 when the deadline of the
 * caller has passed; with 503 when a limit of the server has, also one inside the handler, or when
 * the server shuts down; with the status of an {@code HttpException}; with 400 for a JSON body that
 * is none; else with 500. After the head of the response was sent, a failure cuts the connection
 * (HTTP/2: the stream), so that the client does not take a part for the whole. Nobody answers a
 * client that has gone.
 *
 * <p>Vert.x's own threading model for virtual threads is not used: in it, the reset of an HTTP/2
 * stream waits until the handler has returned.
 *
 * <p>As a failure handler it has a context of its own with the limit {@link Limits#answer()}.
 *
 * @since 0.1
 */
public final class Blocking implements Handler<RoutingContext> {
  private final ContextHandler handler;
  private final @Nullable Duration limit;
  private final boolean servers;
  private final boolean interrupting;
  private final boolean endless;

  private Blocking(
      ContextHandler handler,
      @Nullable Duration limit,
      boolean servers,
      boolean interrupting,
      boolean endless) {
    this.handler = handler;
    this.limit = limit;
    this.servers = servers;
    this.interrupting = interrupting;
    this.endless = endless;
  }

  /**
   * With the limits of the server.
   *
   * @param handler answers requests; called by many threads at once
   * @return a handler for a route
   */
  public static Blocking on(ContextHandler handler) {
    return new Blocking(Objects.requireNonNull(handler, "handler"), null, true, false, false);
  }

  /** Has no limit, and a shutdown does not wait for it. */
  static Blocking endless(ContextHandler handler) {
    return new Blocking(handler, null, false, false, true);
  }

  /**
   * Another limit than {@link Limits#total()}.
   *
   * @param limit how long one request may take
   * @return a changed copy
   * @throws IllegalArgumentException if it is zero or negative
   */
  public Blocking withTimeout(Duration limit) {
    if (!limit.isPositive()) {
      throw new IllegalArgumentException("the timeout must be longer than zero, and is " + limit);
    }
    return new Blocking(handler, limit, false, interrupting, endless);
  }

  /**
   * No limit but the deadline of the caller.
   *
   * @return a changed copy
   */
  public Blocking withoutTimeout() {
    return new Blocking(handler, null, false, interrupting, endless);
  }

  /**
   * Has the thread interrupted when the context ends, for handlers that block in code that knows
   * interrupts and no context. Not for those that use drivers which an interrupt harms, such as
   * SQLite and H2.
   *
   * @return a changed copy
   */
  public Blocking interrupting() {
    return new Blocking(handler, limit, servers, true, endless);
  }

  @Override
  public void handle(RoutingContext routing) {
    RequestScope scope = RequestScope.of(routing);
    CancellableContext ctx;
    if (routing.failed()) {
      ctx = scope.openForLastWords();
    } else {
      ctx = scope.open(servers ? scope.limits().total() : limit);
      scope.takeInBody();
      if (endless) scope.endWhenDraining();
    }
    if (scope.enter(routing, ctx)) {
      Thread.ofVirtual().name(name(ctx)).start(() -> run(scope, ctx, routing));
    }
  }

  private static String name(Context ctx) {
    String id = ctx.value(RequestId.KEY);
    return id == null ? "request" : id;
  }

  private void run(RequestScope scope, Context ctx, RoutingContext routing) {
    Throwable thrown = null;
    try {
      call(ctx, routing);
    } catch (Throwable failure) {
      thrown = failure;
    }
    scope.handlerReturned(ctx, thrown);
  }

  private void call(Context ctx, RoutingContext routing) throws Exception {
    ScopedValue.CallableOp<@Nullable Void, Exception> operation =
        () -> {
          handler.handle(ctx, routing);
          return null;
        };
    if (interrupting) ctx.callInterruptibly(operation);
    else ctx.call(operation);
  }
}
