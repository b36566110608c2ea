package dev.lanyard.examples.orders;

import dev.lanyard.context.Context;
import dev.lanyard.vertx.Blocking;
import dev.lanyard.vertx.ErrorResponses;
import dev.lanyard.vertx.RequestBody;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The layer that speaks HTTP. */
final class OrdersServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OrdersServer.class);

  private final OrderService service;
  private final RequestContexts requests;
  private final HttpServer server;

  OrdersServer(Vertx vertx, RequestSettings settings, OrderService service) {
    this.service = service;
    this.requests = RequestContexts.with(settings);
    Router router = Router.router(vertx);
    router.route().handler(requests).failureHandler(ErrorResponses.problems());
    router.post("/orders").handler(Blocking.on(this::place));
    this.server = vertx.createHttpServer(settings.limits().options());
    requests.attach(server).requestHandler(router).listen(0, "127.0.0.1").await();
  }

  int port() {
    return server.actualPort();
  }

  RequestContexts requests() {
    return requests;
  }

  // @start region="handler"
  private void place(Context ctx, RoutingContext routing) throws Exception {
    try {
      Order.Draft draft = draft(ctx, routing);
      LOG.info("{} x {} is ordered", draft.quantity(), draft.item());
      Order order = service.place(ctx, draft);
      routing.response().setStatusCode(201).end(json(order).encode());
    } catch (OrderRejectedException no) {
      LOG.info("rejected: {}", no.getMessage());
      routing.response().setStatusCode(no.status()).end(no.getMessage());
    }
  }

  // @end

  private static JsonObject json(Order order) {
    return new JsonObject()
        .put("id", order.id())
        .put("item", order.item())
        .put("quantity", order.quantity())
        .put("cents", order.cents());
  }

  private static Order.Draft draft(Context ctx, RoutingContext routing) throws Exception {
    try (var body = RequestBody.of(ctx, routing)) {
      var json = new JsonObject(new String(body.readAllBytes(), StandardCharsets.UTF_8));
      String token = routing.request().getHeader("Authorization");
      String item = json.getString("item");
      Integer quantity = json.getInteger("quantity", 1);
      if (item == null || quantity < 1) {
        throw new OrderRejectedException(400, "an order has an item and a quantity above 0");
      }
      return new Order.Draft(token == null ? "" : token, item, quantity);
    } catch (DecodeException | ClassCastException malformed) {
      throw new OrderRejectedException(400, "an order is a JSON object");
    }
  }

  @Override
  public void close() {
    requests.shutdown(Duration.ofSeconds(5)).await();
  }
}
