package dev.lanyard.gateway;

import dev.lanyard.context.TimeSource;
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
  private final HttpClient client;
  private final boolean tls;
  private final int port;

  Upstream(Vertx vertx, Route route, URI address, TimeSource time) {
    this.address = address;
    this.breaker = new Breaker(route.name() + " " + address, route.breaker(), time);
    this.tls = "https".equalsIgnoreCase(address.getScheme());
    this.port = address.getPort() >= 0 ? address.getPort() : tls ? 443 : 80;
    var options =
        new HttpClientOptions()
            .setConnectTimeout((int) Math.min(route.connectTimeout().toMillis(), Integer.MAX_VALUE))
            .setSsl(tls)
            .setVerifyHost(tls);
    if (route.overHttp2()) {
      options
          .setProtocolVersion(HttpVersion.HTTP_2)
          .setUseAlpn(tls)
          .setHttp2ClearTextUpgrade(false);
    }
    var pool = new PoolOptions().setHttp1MaxSize(route.connections());
    this.client = vertx.httpClientBuilder().with(options).with(pool).build();
  }

  /** A request that is connected and not yet sent. */
  Future<HttpClientRequest> request(HttpMethod method, String target) {
    calls.increment();
    return client.request(
        new RequestOptions()
            .setMethod(method)
            .setHost(address.getHost())
            .setPort(port)
            .setSsl(tls)
            .setURI(target));
  }
}
