package dev.lanyard.examples.orders;

import dev.lanyard.context.Context;
import dev.lanyard.databases.Postgres;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;

/**
 * Places two orders. The first goes through. While the second is checked, its account is locked and
 * the inventory takes a minute; the customer leaves after half a second.
 */
final class Orders {
  private static final Duration PATIENCE_OF_THE_CUSTOMER = Duration.ofMillis(500);

  private static final Duration A_MOMENT = Duration.ofMillis(1);

  private Orders() {}

  static void main() throws SQLException, IOException, InterruptedException {
    var trace = new TraceTree();
    DataSource driver = Postgres.shared().dataSource("orders");
    try (var shop = new Shop(Context.background(), driver, Telemetry.with(trace), Orders::deliver);
        HttpClient customer = HttpClient.newHttpClient()) {
      HttpRequest tea = order(shop, "tea");
      IO.println(customer.send(tea, BodyHandlers.ofString()).body());

      try (Connection accounting = driver.getConnection();
          Statement lock = accounting.createStatement()) {
        accounting.setAutoCommit(false);
        lock.execute("select * from account for update");
        CompletableFuture<?> answer =
            customer.sendAsync(order(shop, "rare"), BodyHandlers.ofString());
        Context.background().sleep(PATIENCE_OF_THE_CUSTOMER);
        answer.cancel(true);
        // Everything ends although the lock is still held.
        while (shop.orders().requests().underWay() > 0) Context.background().sleep(A_MOMENT);
        accounting.rollback();
      }
    }
    trace.spans().stream()
        .filter(span -> span.getKind() == SpanKind.SERVER)
        .map(SpanData::getTraceId)
        .distinct()
        .forEach(id -> IO.println(trace.print(id)));
  }

  private static HttpRequest order(Shop shop, String item) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + shop.orders().port() + "/orders"))
        .header("Authorization", "ada-token")
        .POST(BodyPublishers.ofString("{\"item\": \"" + item + "\", \"quantity\": 2}"))
        .build();
  }

  /** A post office takes its time. */
  private static void deliver(Context ctx, String to, String text) throws InterruptedException {
    ctx.sleep(Duration.ofSeconds(1));
  }
}
