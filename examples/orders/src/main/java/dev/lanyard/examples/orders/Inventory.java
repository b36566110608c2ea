package dev.lanyard.examples.orders;

import dev.lanyard.context.Context;
import dev.lanyard.http.ContextHttpClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other service, as this one sees it. */
final class Inventory {
  private static final Logger LOG = LoggerFactory.getLogger(Inventory.class);

  private final ContextHttpClient client;
  private final URI service;

  Inventory(ContextHttpClient client, URI service) {
    this.client = client;
    this.service = service;
  }

  // @start region="inventory"
  /** The price of one in cents. */
  int reserve(Context ctx, String item, int quantity)
      throws IOException, InterruptedException, OrderRejectedException {
    URI stock = service.resolve("/stock/" + item + "?quantity=" + quantity);
    HttpResponse<String> answer =
        client.send(ctx, HttpRequest.newBuilder(stock).build(), BodyHandlers.ofString());
    LOG.info("{} in stock: {}", item, answer.statusCode() == 200);
    if (answer.statusCode() != 200) throw new OrderRejectedException(409, "not in stock");
    return Integer.parseInt(answer.body());
  }
  // @end
}
