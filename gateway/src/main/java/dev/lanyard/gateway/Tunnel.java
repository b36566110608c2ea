package dev.lanyard.gateway;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Deadline;
import dev.lanyard.vertx.RequestContexts;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/**
 * A WebSocket that goes through: after both sides have agreed, bytes are passed both ways until one
 * side closes, and then the other is closed. The limit of the route holds for the agreement only.
 */
final class Tunnel {
  private final RoutingContext routing;
  private final CancellableContext ctx;
  private final Route route;

  Tunnel(RoutingContext routing, CancellableContext ctx, Route route) {
    this.routing = routing;
    this.ctx = ctx;
    this.route = route;
  }

  static boolean isWanted(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_1_1
        && request.method() == HttpMethod.GET
        && "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))
        && HopByHop.lists(request.headers().getAll("connection"), "upgrade");
  }

  /** {@code refused} is given a response that does not change the protocol. */
  void open(
      HttpClientRequest out, Consumer<HttpClientResponse> answered, Consumer<Throwable> failed) {
    out.putHeader(HttpHeaders.CONNECTION, "Upgrade").putHeader(HttpHeaders.UPGRADE, "websocket");
    routing.request().resume();
    out.connect()
        .onComplete(answer -> {
          if (answer.failed()) failed.accept(answer.cause());
          else if (answer.result().statusCode() != 101) answered.accept(answer.result());
          else join(answer.result());
        });
  }

  private void join(HttpClientResponse in) {
    HttpServerResponse response = routing.response();
    response.setStatusCode(101).setStatusMessage(in.statusMessage());
    Forwarding.writeResponse(in.headers(), response.headers(), route);
    response
        .putHeader(HttpHeaders.CONNECTION, "Upgrade")
        .putHeader(HttpHeaders.UPGRADE, "websocket");
    NetSocket upstream = in.netSocket();
    upstream.pause();
    routing
        .request()
        .toNetSocket()
        .onComplete(client -> {
          if (client.succeeded()) join(client.result(), upstream);
          else upstream.close();
        });
  }

  private void join(NetSocket client, NetSocket upstream) {
    ctx.extendTo(Deadline.NONE);
    ctx.onDone(client::close);
    client.closeHandler(_ -> {
      upstream.close();
      RequestContexts.upgradeClosed(routing);
    });
    upstream.closeHandler(_ -> client.close());
    Transfer.start(client, upstream, upstream::end, _ -> upstream.close());
    Transfer.start(upstream, client, client::end, _ -> client.close());
  }
}
