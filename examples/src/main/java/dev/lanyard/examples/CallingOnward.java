package dev.lanyard.examples;

import dev.lanyard.context.Context;
import dev.lanyard.http.ContextHttpClient;
import dev.lanyard.http.Hosts;
import dev.lanyard.http.Outgoing;
import dev.lanyard.http.RequestId;
import dev.lanyard.http.TraceContext;
import dev.lanyard.vertx.Blocking;
import dev.lanyard.vertx.ContextHandler;
import dev.lanyard.vertx.Limits;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A service asks another one, which sees the same request, the same trace, and less time. */
final class CallingOnward {
  private static final Vertx VERTX = Vertx.vertx();

  // @start region="guide"
  private static final ContextHttpClient CLIENT =
      ContextHttpClient.over(HttpClient.newHttpClient())
          .sending(Outgoing.standard().trusting(Hosts.of("127.0.0.1")));

  private static void shop(Context ctx, RoutingContext routing, URI stock)
      throws IOException, InterruptedException {
    try (var budget = ctx.withTimeout(Duration.ofSeconds(2))) {
      HttpRequest ask = HttpRequest.newBuilder(stock).build();
      routing.end("shop > " + CLIENT.send(budget, ask, BodyHandlers.ofString()).body());
    }
  }

  // @end

  private static void stock(Context ctx, RoutingContext routing) {
    TraceContext trace = ctx.value(TraceContext.KEY);
    boolean lessTime = ctx.remaining().compareTo(Duration.ofSeconds(2)) < 0;
    routing.end(
        "stock: request %s, trace %s, less than two seconds %s"
            .formatted(ctx.value(RequestId.KEY), trace == null ? "" : trace.traceId(), lessTime));
  }

  private static int serve(ContextHandler handler) {
    RequestContexts requests = RequestContexts.with(RequestSettings.standard());
    Router router = Router.router(VERTX);
    router.route().handler(requests).handler(Blocking.on(handler));
    HttpServer server = VERTX.createHttpServer(Limits.standard().options());
    return requests
        .attach(server)
        .requestHandler(router)
        .listen(0, "127.0.0.1")
        .await()
        .actualPort();
  }

  static void main() throws IOException, InterruptedException {
    URI stock = URI.create("http://127.0.0.1:" + serve(CallingOnward::stock));
    int shop = serve((ctx, routing) -> shop(ctx, routing, stock));
    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    try (var browser = new Browser(shop)) {
      IO.println(browser.get("/", "X-Request-ID", "r7", "traceparent", trace).body());
    }
    VERTX.close().await();
  }
}

// Output:
// shop > stock: request r7, trace 4bf92f3577b34da6a3ce929d0e0e4736, less than two seconds true
