package dev.lanyard.benchmarks.http;

import dev.lanyard.gateway.Gateway;
import dev.lanyard.gateway.GatewaySettings;
import dev.lanyard.gateway.Route;
import dev.lanyard.vertx.ErrorResponses;
import dev.lanyard.vertx.Limits;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.util.List;

/** Our gateway before one upstream, with its contexts, breaker and meters, and no access log. */
final class GatewayProxy {
  private GatewayProxy() {}

  /**
   * Serves until the process is ended.
   *
   * @param arguments the port of the upstream
   */
  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx();
    RequestContexts requests = RequestContexts.with(RequestSettings.standard());
    Route route = Route.to("/", URI.create("http://127.0.0.1:" + arguments[0]));
    var settings = new GatewaySettings(List.of(route), false, new SimpleMeterRegistry());
    Router router = Router.router(vertx);
    router.route().handler(requests).failureHandler(ErrorResponses.problems());
    router.route().handler(Gateway.with(vertx, settings));
    HttpServer server = vertx.createHttpServer(Limits.standard().options());
    requests.attach(server).requestHandler(router).listen(0, "127.0.0.1").await();
    IO.println(new Notice.Listening(server.actualPort(), 0));
  }
}
