package dev.lanyard.examples;

import dev.lanyard.context.Key;
import dev.lanyard.http.RequestId;
import dev.lanyard.vertx.Blocking;
import dev.lanyard.vertx.ContextHandler;
import dev.lanyard.vertx.ErrorResponses;
import dev.lanyard.vertx.Limits;
import dev.lanyard.vertx.Middleware;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.HttpException;
import java.io.IOException;
import java.net.http.HttpResponse;

/** What stands around a handler, and hands it a context with more in it. */
final class MiddlewareChain {
  // @start region="guide"
  private static final Key<String> USER = Key.of("user");

  private static ContextHandler login(ContextHandler next) {
    return (ctx, routing) -> {
      String user = routing.request().getHeader("Authorization");
      if (user == null) throw new HttpException(401, "log in first");
      next.handle(ctx.withValue(USER, user), routing);
    };
  }

  private static ContextHandler audit(ContextHandler next) {
    return (ctx, routing) -> {
      IO.println(ctx.value(RequestId.KEY) + ": " + ctx.value(USER) + " reads the ledger");
      next.handle(ctx, routing);
    };
  }

  private static final Middleware CHECKED =
      Middleware.chain(MiddlewareChain::login, MiddlewareChain::audit);

  private static final ContextHandler LEDGER =
      CHECKED.wrap((ctx, routing) -> routing.end("the ledger, for " + ctx.value(USER)));

  // @end

  static void main() throws IOException, InterruptedException {
    Vertx vertx = Vertx.vertx();
    RequestContexts requests = RequestContexts.with(RequestSettings.standard());
    Router router = Router.router(vertx);
    router.route().handler(requests).failureHandler(ErrorResponses.problems());
    router.get("/ledger").handler(Blocking.on(LEDGER));
    HttpServer server = vertx.createHttpServer(Limits.standard().options());
    requests.attach(server).requestHandler(router).listen(0, "127.0.0.1").await();

    try (var browser = new Browser(server.actualPort())) {
      IO.println(browser.get("/ledger", "X-Request-ID", "r1", "Authorization", "Ada").body());
      HttpResponse<String> stranger = browser.get("/ledger", "X-Request-ID", "r2");
      String why = new JsonObject(stranger.body()).getString("detail");
      IO.println(stranger.statusCode() + " " + why);
    }
    vertx.close().await();
  }
}

// Output:
// r1: Ada reads the ledger
// the ledger, for Ada
// 401 log in first
