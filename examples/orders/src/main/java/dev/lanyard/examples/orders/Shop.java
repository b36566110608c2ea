package dev.lanyard.examples.orders;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.context.Context;
import dev.lanyard.http.ContextHttpClient;
import dev.lanyard.http.Hosts;
import dev.lanyard.http.Outgoing;
import dev.lanyard.jdbc.ContextDataSource;
import dev.lanyard.jdbc.JdbcSettings;
import dev.lanyard.telemetry.ExchangeSpans;
import dev.lanyard.telemetry.RequestSpans;
import dev.lanyard.telemetry.Spans;
import dev.lanyard.telemetry.StatementSpans;
import dev.lanyard.vertx.RequestSettings;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import java.net.http.HttpClient;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Everything put together; closes in the order in which work flows. */
final class Shop implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final HikariDataSource pool;
  private final Mail mail;
  private final InventoryServer inventory;
  private final OrdersServer orders;

  /** Requests live under {@code root}. */
  Shop(Context root, DataSource driver, OpenTelemetry telemetry, Mail.Post post)
      throws SQLException {
    // @start region="wiring"
    RequestSettings requests =
        RequestSpans.of(telemetry).observe(RequestSettings.standard().withBase(root));

    var config = new HikariConfig();
    config.setDataSource(driver);
    pool = new HikariDataSource(config);
    ContextDataSource database =
        ContextDataSource.wrap(pool)
            .with(JdbcSettings.defaults().withObserver(StatementSpans.of(telemetry).withText()));

    ContextHttpClient client =
        ContextHttpClient.over(http)
            .sending(Outgoing.standard().trusting(Hosts.of("127.0.0.1")))
            .observedBy(ExchangeSpans.of(telemetry));
    // @end
    var repository = new OrderRepository(database);
    repository.createTables();
    mail = new Mail(post, Spans.of(telemetry));
    inventory = new InventoryServer(vertx, requests);
    var service = new OrderService(repository, new Inventory(client, inventory.uri()), mail);
    orders = new OrdersServer(vertx, requests, service);
  }

  OrdersServer orders() {
    return orders;
  }

  InventoryServer inventory() {
    return inventory;
  }

  HikariDataSource pool() {
    return pool;
  }

  @Override
  public void close() {
    orders.close();
    inventory.close();
    mail.close();
    pool.close();
    http.shutdownNow();
    vertx.close().await();
  }
}
