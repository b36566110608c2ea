package dev.lanyard.examples.orders;

import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.vertx.Blocking;
import dev.lanyard.vertx.ErrorResponses;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other service: knows what is in stock. For something rare it has to go and look. */
final class InventoryServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InventoryServer.class);
  private static final Map<String, Integer> PRICES = Map.of("tea", 350, "kettle", 4_900, "rare", 1);
  private static final Duration TO_GO_AND_LOOK = Duration.ofMinutes(1);

  private final RequestContexts requests;
  private final HttpServer server;

  InventoryServer(Vertx vertx, RequestSettings settings) {
    this.requests = RequestContexts.with(settings);
    Router router = Router.router(vertx);
    router.route().handler(requests).failureHandler(ErrorResponses.problems());
    router.get("/stock/:item").handler(Blocking.on(InventoryServer::stock));
    this.server = vertx.createHttpServer(settings.limits().options());
    requests.attach(server).requestHandler(router).listen(0, "127.0.0.1").await();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  RequestContexts requests() {
    return requests;
  }

  private static void stock(Context ctx, RoutingContext routing) throws InterruptedException {
    String item = Objects.requireNonNull(routing.pathParam("item"));
    Integer price = PRICES.get(item);
    LOG.info("asked for {}", item);
    if (price == null) {
      routing.response().setStatusCode(404).end();
      return;
    }
    try {
      if (item.equals("rare")) ctx.sleep(TO_GO_AND_LOOK);
      routing.end(price.toString());
    } catch (ContextException ended) {
      LOG.info("nobody waits for {} any more: {}", item, cause(ctx));
      throw ended;
    }
  }

  private static String cause(Context ctx) {
    Throwable cause = ctx.cause();
    return cause == null ? "" : String.valueOf(cause.getMessage());
  }

  @Override
  public void close() {
    requests.shutdown(Duration.ofSeconds(5)).await();
  }
}
