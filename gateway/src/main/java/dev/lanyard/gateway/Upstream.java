package dev.lanyard.gateway;

import dev.lanyard.context.TimeSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.concurrent.atomic.LongAdder;

/** One address behind a route, with its connections and its breaker. */
final class Upstream {
  final URI address;
  final Breaker breaker;
  final LongAdder calls = new LongAdder();
  final LongAdder failures = new LongAdder();

  private final Vertx vertx;
  private final HttpClientOptions options;
  private final PoolOptions pool;
  private final boolean tls;
  private final int port;

  Upstream(Vertx vertx, Route route, URI address, TimeSource time) {
    this.address = address;
    this.breaker = new Breaker(route.name() + " " + address, route.breaker(), time);
    this.tls = "https".equalsIgnoreCase(address.getScheme());
    this.port = address.getPort() >= 0 ? address.getPort() : tls ? 443 : 80;
    this.vertx = vertx;
    this.options = options(route);
    this.pool = new PoolOptions().setHttp1MaxSize(route.connections());
  }

  private HttpClientOptions options(Route route) {
    var common =
        new HttpClientOptions()
            .setConnectTimeout((int) Math.min(route.connectTimeout().toMillis(), Integer.MAX_VALUE))
            .setSsl(tls)
            .setVerifyHost(tls);
    if (!route.overHttp2()) return common;
    return common
        .setProtocolVersion(HttpVersion.HTTP_2)
        .setUseAlpn(tls)
        .setHttp2ClearTextUpgrade(false);
  }

  /** A request that is connected and not yet sent. */
  Future<HttpClientRequest> request(HttpMethod method, String target) {
    calls.increment();
    return client()
        .request(
            new RequestOptions()
                .setMethod(method)
                .setHost(address.getHost())
                .setPort(port)
                .setSsl(tls)
                .setURI(target));
  }

  /**
   * The one of this event loop: over a connection of another, all would change threads twice.
   * Vert.x closes it together with the verticle in whose context it was made, so that others must
   * not share it.
   */
  private HttpClient client() {
    Context verticle = vertx.getOrCreateContext();
    HttpClient known = verticle.get(this);
    if (known != null) return known;
    HttpClient made = vertx.httpClientBuilder().with(options).with(pool).build();
    verticle.put(this, made);
    return made;
  }
}
