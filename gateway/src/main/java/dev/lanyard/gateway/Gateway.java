package dev.lanyard.gateway;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.TimeSource;
import dev.lanyard.vertx.RequestContexts;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reverse proxy as a handler of Vert.x Web: it sends each request on to a service, and streams
 * both bodies at the same time. When the client leaves, or the time of the request is over, the
 * service hears of it at once: its connection is closed, or its HTTP/2 stream reset.
 *
 * {@snippet :
 * var gateway = Gateway.with(vertx, new GatewaySettings(routes, false, registry));
 * router.route().handler(requests).failureHandler(ErrorResponses.problems());
 * router.route().handler(gateway);
 * }
 *
 * <p>Answers of its own: 502 if the service broke off or cannot be reached, 503 with {@code
 * Retry-After} while its breaker is open, 504 when the time is over, 404 without a route, and 400
 * for requests that two servers might read differently.
 *
 * <p>It needs a {@link RequestContexts} before it, and no {@code BodyHandler}. One instance serves
 * all event loops.
 *
 * @since 0.1
 */
public final class Gateway implements Handler<RoutingContext> {
  private final List<LiveRoute> routes;
  private final Forwarding forwarding;

  private Gateway(Vertx vertx, GatewaySettings settings) {
    this.routes =
        settings.routes().stream()
            .map(route -> new LiveRoute(vertx, route, settings.registry(), TimeSource.system()))
            .sorted(LiveRoute.mostParticularFirst())
            .toList();
    this.forwarding = new Forwarding(settings.trusting());
  }

  /**
   * Makes a gateway. Its connections to services live as long as the verticle whose requests they
   * serve.
   *
   * @param vertx whose event loops it runs on
   * @param settings what to do
   * @return the handler
   */
  public static Gateway with(Vertx vertx, GatewaySettings settings) {
    return new Gateway(vertx, settings);
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    Refusal refusal = Refusal.of(request);
    if (refusal != null) {
      closeAfterwards(routing);
      routing.fail(refusal.status(), new HttpException(refusal.status(), refusal.why()));
      return;
    }
    // Vert.x closes for the word alone, and not where it is one of a list
    List<String> connection = request.headers().getAll(HttpHeaders.CONNECTION);
    if (HopByHop.lists(connection, "close")) closeAfterwards(routing);
    String path = routing.normalizedPath();
    LiveRoute live = find(request.authority(), path);
    if (live == null) {
      routing.fail(404, new HttpException(404, "no route takes this path"));
      return;
    }
    CancellableContext ctx = RequestContexts.open(routing, live.route.timeout());
    new Exchange(routing, live, forwarding, ctx, target(request, live.route, path)).begin();
  }

  /** The header alone tells the client, and does not make Vert.x do it. */
  static void closeAfterwards(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    if (request.version() == HttpVersion.HTTP_2) return;
    routing.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    routing.addEndHandler(_ -> request.connection().close());
  }

  private @Nullable LiveRoute find(@Nullable HostAndPort authority, String path) {
    String host = authority == null ? null : authority.host();
    for (LiveRoute live : routes) {
      if (live.takes(host, path)) return live;
    }
    return null;
  }

  /** As the client wrote it, unless a part must be taken off that it wrote in another way. */
  private static String target(HttpServerRequest request, Route route, String normalized) {
    String path = String.valueOf(request.path());
    if (route.stripsPath()) {
      String prefix = route.path().endsWith("/") ? route.path() : route.path() + "/";
      String whole = path.startsWith(route.path()) ? path : normalized;
      path = whole.length() < prefix.length() ? "/" : "/" + whole.substring(prefix.length());
    }
    String query = request.query();
    return query == null ? path : path + "?" + query;
  }

  /**
   * What the gateway is doing: each route with its upstreams, their breakers and figures.
   *
   * @return a snapshot
   */
  public JsonObject state() {
    return LiveState.of(routes);
  }
}
