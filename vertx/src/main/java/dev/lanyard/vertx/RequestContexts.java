package dev.lanyard.vertx;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Registration;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.http.RequestId;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives each request of a Vert.x {@code Router} a context that ends when the client leaves, when a
 * limit passes, when the server shuts down and when the request is finished, each with {@linkplain
 * RequestEnd a cause of its own}. It carries the request id, the trace, the baggage and the
 * deadline of the caller.
 *
 * {@snippet :
 * var requests = RequestContexts.with(RequestSettings.standard());
 * router.route().handler(requests);
 * router.get("/orders/:id").handler(Blocking.on((ctx, routing) -> {
 *   routing.end(orders.find(ctx, routing.pathParam("id")));   // stops when nobody waits for it
 * }));
 * HttpServer server = vertx.createHttpServer(Limits.standard().options());
 * requests.attach(server).requestHandler(router).listen(8080);
 * }
 *
 * <p>It must be the first handler of the router: an attached server takes a connection for idle
 * whose requests it has not seen. One instance serves one server, which may have several instances
 * in several verticles. All methods may be called from any thread.
 *
 * @since 0.1
 */
public final class RequestContexts implements Handler<RoutingContext> {
  private static final System.Logger LOG = System.getLogger(RequestContexts.class.getName());

  private final RequestSettings settings;

  /** Below the base and above all requests: ends when the server has shut down. */
  private final CancellableContext serving;

  /** Beside the requests: ends when the shutdown begins. */
  private final CancellableContext accepting;

  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final RequestEnd.TimedOut usual;
  private final Connections connections;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Counts counts = new Counts();
  private volatile @Nullable Shutdown shutdown;

  private RequestContexts(RequestSettings settings) {
    this.settings = settings;
    this.serving = settings.base().withCancel();
    this.accepting = serving.withCancel();
    this.usual = new RequestEnd.TimedOut(settings.limits().total(), false);
    this.connections = new Connections(settings, serving);
  }

  /**
   * For one server.
   *
   * @param settings what to do
   * @return gives contexts to requests
   */
  public static RequestContexts with(RequestSettings settings) {
    return new RequestContexts(Objects.requireNonNull(settings, "settings"));
  }

  /**
   * The context of a request, for handlers that run on the event loop; {@link Blocking} hands it to
   * those that do not. The first who asks opens it, with the limit {@code total}.
   *
   * @param routing the request
   * @return its context
   * @throws IllegalStateException if no {@code RequestContexts} has handled the request before
   */
  public static Context context(RoutingContext routing) {
    return RequestScope.of(routing).open();
  }

  /**
   * Opens the context of a request with another limit than {@code total}, for a handler on the
   * event loop that answers the request alone. It may end the context with a cause of its own, and
   * move its deadline.
   *
   * @param routing the request
   * @param limit how long it may take; null for no limit but the deadline of the caller
   * @return its context; the one that is open, whatever its limit, if somebody asked before
   * @throws IllegalStateException if no {@code RequestContexts} has handled the request before
   */
  public static CancellableContext open(RoutingContext routing, @Nullable Duration limit) {
    return RequestScope.of(routing).open(limit);
  }

  /**
   * Says that a socket is closed that a request was upgraded to, by {@code toWebSocket()} or {@code
   * toNetSocket()}: Vert.x tells that to the close handler of the socket alone. It ends the context
   * as if the client had left, and the request is over. Without it, the request is under way for
   * ever. {@link #open} such a request without a limit.
   *
   * {@snippet :
   * Context ctx = RequestContexts.open(routing, null);
   * routing.request().toWebSocket().onSuccess(socket -> {
   *   socket.closeHandler(_ -> RequestContexts.upgradeClosed(routing));
   *   chat.join(ctx, socket);
   * });
   * }
   *
   * @param routing the request
   * @throws IllegalStateException if no {@code RequestContexts} has handled the request before
   */
  public static void upgradeClosed(RoutingContext routing) {
    RequestScope.of(routing).upgradeClosed();
  }

  /**
   * Watches the connections of a server: cuts off those whose head does not come in time, and ends
   * all that is under way on one when it closes. Takes the server's {@code connectionHandler}. A
   * server with several instances in several verticles is attached once for each. A WebSocket must
   * be accepted by a handler of the router, with {@code request.toWebSocket()}: the connection of
   * one that the router never saw counts as one without a request.
   *
   * @param server not yet listening
   * @return the same server
   */
  public HttpServer attach(HttpServer server) {
    servers.add(server);
    return server.connectionHandler(connections::opened);
  }

  @Override
  public void handle(RoutingContext routing) {
    RequestScope known = RequestScope.known(routing);
    if (known == null) {
      begin(routing);
    } else { // rerouted, or in a router below another that has seen it
      identify(routing, known.context());
      routing.next();
    }
  }

  private void begin(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    HttpServerResponse response = routing.response();
    if (response.closed()) return; // while a handler before this one was busy
    Connection connection = connections.of(request.connection());
    Context parent = connection == null ? serving : connection.context();
    MultiMap headers = request.headers();
    Context values = settings.incoming().derive(parent, headers::getAll);
    identify(routing, values);
    Duration callersLimit = settings.incoming().timeout(headers::getAll);
    Context ctx = settings.request().apply(values, request);
    var scope = new RequestScope(this, routing, connection, ctx, callersLimit);
    if (settings.serverTiming()) {
      routing.addHeadersEndHandler(_ -> response.putHeader("Server-Timing", timing(scope)));
    }
    int others = underWay.getAndIncrement(); // from here on nothing may fail
    if (connection != null) connection.requestBegan();
    scope.begin();
    if (shutdown != null || serving.isDone()) {
      Failures.close(routing);
      refuse(routing, "the server is shutting down");
    } else if (others >= limits().atOnce()) {
      response.putHeader(HttpHeaders.RETRY_AFTER, "1");
      refuse(routing, "the server has as many requests under way as it can take");
    } else {
      routing.next();
    }
  }

  private static void identify(RoutingContext routing, Context ctx) {
    String id = ctx.value(RequestId.KEY);
    if (id != null) routing.response().putHeader(RequestId.HEADER, id);
  }

  private void refuse(RoutingContext routing, String why) {
    counts.refused();
    routing.fail(503, new HttpException(503, why));
  }

  private static String timing(RequestScope scope) {
    return "total;dur=" + scope.age().toNanos() / 1e6;
  }

  /**
   * Shuts the attached servers down: takes no new connections, ends streams of events, waits until
   * the requests under way are finished, at most for a time, and then ends those that are left with
   * {@link RequestEnd.ShuttingDown}. They have the limit {@code answer} for their last words; then
   * the connections are closed. New requests on old connections are answered with 503.
   *
   * @param drain how long to wait for them; zero ends them at once
   * @return completed when all of it is over, with what was cut off; it waits no longer than ten
   *     seconds for the ports to become free. Calling it again gives the first one's
   * @throws IllegalStateException if no server was {@linkplain #attach attached}
   * @throws IllegalArgumentException if the drain is negative
   */
  public synchronized Future<ShutdownReport> shutdown(Duration drain) {
    Shutdown known = shutdown;
    if (known != null) return known.report();
    if (servers.isEmpty()) {
      throw new IllegalStateException("no server was attached, so there is none to shut down");
    }
    if (drain.isNegative()) {
      throw new IllegalArgumentException("the drain must not be negative, and is " + drain);
    }
    var begun = new Shutdown(servers, connections, serving, accepting, drain, limits().answer());
    shutdown = begun;
    begun.begin();
    if (underWay.get() == 0) begun.drained();
    return begun.report();
  }

  /**
   * How many requests have neither been answered completely nor been left, or whose handler has not
   * returned.
   *
   * @return those under way now
   */
  public int underWay() {
    return underWay.get();
  }

  /**
   * How many requests have ended for which cause since the start. Each is counted once.
   *
   * @return a snapshot
   */
  public RequestCounts counts() {
    return counts.snapshot();
  }

  Limits limits() {
    return settings.limits();
  }

  /** Nearly all have the same: to make one for each request would cost something. */
  RequestEnd.TimedOut timedOut(Duration limit) {
    return limit.equals(usual.limit()) ? usual : new RequestEnd.TimedOut(limit, false);
  }

  void completed(CompletedRequest request) {
    counts.completed(request);
    for (Consumer<? super CompletedRequest> listener : settings.listeners()) {
      try {
        listener.accept(request);
      } catch (RuntimeException failure) {
        LOG.log(Level.WARNING, "a listener of completed requests failed", failure);
      }
    }
  }

  void over() {
    if (underWay.decrementAndGet() > 0) return;
    Shutdown waiting = shutdown;
    if (waiting != null) waiting.drained();
  }

  Registration whenDraining(Runnable action) {
    return accepting.onDone(action);
  }

  void cut(RequestScope scope) {
    Shutdown waiting = shutdown;
    if (waiting != null) waiting.cut(scope);
  }
}
