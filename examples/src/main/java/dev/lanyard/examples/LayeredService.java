package dev.lanyard.examples;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.vertx.Blocking;
import dev.lanyard.vertx.ErrorResponses;
import dev.lanyard.vertx.Limits;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Handler, service, repository: each spends of the time that the one above it has left. */
final class LayeredService {
  // @start region="guide"
  private static void show(Context ctx, RoutingContext routing) throws InterruptedException {
    routing.end(price(ctx, routing.queryParam("item").getFirst()));
  }

  private static String price(Context ctx, String item) throws InterruptedException {
    try (CancellableContext budget =
        ctx.withTimeout(Duration.ofSeconds(2))) { // of the request's 30
      return select(budget, item);
    }
  }

  private static String select(Context ctx, String item) throws InterruptedException {
    try {
      if (item.equals("rare")) ctx.sleep(Duration.ofMinutes(1)); // a query without an index
      return item + " costs 3.50";
    } catch (ContextException ended) {
      IO.println("repository: stopped, " + ended.getMessage());
      throw ended;
    }
  }

  // @end

  static void main() throws IOException, InterruptedException {
    Vertx vertx = Vertx.vertx();
    // @start region="server"
    RequestContexts requests = RequestContexts.with(RequestSettings.standard());
    Router router = Router.router(vertx);
    router.route().handler(requests).failureHandler(ErrorResponses.problems());
    router.get("/price").handler(Blocking.on(LayeredService::show));
    HttpServer server = vertx.createHttpServer(Limits.standard().options());
    requests.attach(server).requestHandler(router).listen(0, "127.0.0.1").await();
    // @end

    try (var browser = new Browser(server.actualPort())) {
      HttpResponse<String> common = browser.get("/price?item=tea");
      IO.println(common.statusCode() + " " + common.body());
      HttpResponse<String> rare = browser.get("/price?item=rare");
      IO.println(rare.statusCode());
    }
    vertx.close().await();
  }
}

// Output:
// 200 tea costs 3.50
// repository: stopped, context deadline exceeded
// 503
