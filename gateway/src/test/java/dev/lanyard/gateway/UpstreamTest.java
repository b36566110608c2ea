package dev.lanyard.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UpstreamTest {
  private static final String CLOSING = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

  @Test
  @DisplayName("clients that come one after the other share a connection to the service")
  void connectionIsShared() throws Exception {
    Set<SocketAddress> connections = ConcurrentHashMap.newKeySet();
    try (var proxied =
        new Proxied(
            UnaryOperator.identity(),
            request -> {
              connections.add(request.remoteAddress());
              request.response().end("ok");
            })) {
      for (int i = 0; i < 10; i++) {
        assertThat(proxied.exchange(CLOSING)).startsWith("HTTP/1.1 200");
      }
      assertThat(connections).hasSize(1);
    }
  }

  /** A gateway before one service, in as many verticles as it is deployed. */
  private static final class Listener extends VerticleBase {
    private final Router router;
    private volatile int port;

    Listener(Router router) {
      this.router = router;
    }

    @Override
    public Future<?> start() {
      return vertx
          .createHttpServer()
          .requestHandler(router)
          .listen(0, "127.0.0.1")
          .onSuccess(server -> port = server.actualPort());
    }

    int status() throws IOException, InterruptedException {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
      return GatewayTest.CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  @DisplayName("a verticle that is undeployed takes no connections of another on its event loop")
  void outlivesVerticle() throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      HttpServer service =
          vertx
              .createHttpServer()
              .requestHandler(request -> request.response().end("ok"))
              .listen(0, "127.0.0.1")
              .await();
      Route route = Route.to("/", URI.create("http://127.0.0.1:" + service.actualPort()));
      Router router = Router.router(vertx);
      router.route().handler(RequestContexts.with(RequestSettings.standard()));
      var settings = new GatewaySettings(List.of(route), false, new SimpleMeterRegistry());
      router.route().handler(Gateway.with(vertx, settings));
      var leaving = new Listener(router);
      var staying = new Listener(router);
      String id = vertx.deployVerticle(leaving).await();
      var _ = vertx.deployVerticle(staying).await();
      assertThat(leaving.status()).isEqualTo(200);
      var _ = vertx.undeploy(id).await();
      assertThat(staying.status()).isEqualTo(200);
    } finally {
      vertx.close().await();
    }
  }
}
