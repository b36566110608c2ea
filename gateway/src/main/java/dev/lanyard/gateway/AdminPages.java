package dev.lanyard.gateway;

import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestCounts;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What an operator asks a gateway: {@code /gateway/state} as JSON, {@code /metrics}, {@code
 * /healthz}, and at {@code /} a page that shows the state. It changes nothing, and has no login: it
 * belongs on a port that only operators reach.
 *
 * @since 0.1
 */
public final class AdminPages {
  private final Gateway gateway;
  private final RequestContexts requests;
  private final Supplier<String> metrics;
  private final Buffer page;

  private AdminPages(Gateway gateway, RequestContexts requests, Supplier<String> metrics) {
    this.gateway = gateway;
    this.requests = requests;
    this.metrics = metrics;
    this.page = read("gateway.html");
  }

  /**
   * Adds the pages to a router.
   *
   * @param router of a port that only operators reach
   * @param gateway whose state is shown
   * @param requests those of the gateway
   * @param metrics gives the text of {@code /metrics}, in the format of Prometheus
   */
  public static void add(
      Router router, Gateway gateway, RequestContexts requests, Supplier<String> metrics) {
    var pages = new AdminPages(gateway, requests, metrics);
    get(router, "/", routing -> pages.answer(routing, "text/html; charset=utf-8", pages.page));
    get(
        router,
        "/gateway/state",
        routing -> pages.answer(routing, "application/json", pages.state().toBuffer()));
    get(
        router,
        "/metrics",
        routing ->
            pages.answer(
                routing,
                "text/plain; version=0.0.4; charset=utf-8",
                Buffer.buffer(pages.metrics.get())));
    get(router, "/healthz", routing -> pages.answer(routing, "text/plain", Buffer.buffer("ok\n")));
  }

  private static void get(
      Router router, String path, io.vertx.core.Handler<RoutingContext> handler) {
    router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
  }

  private void answer(RoutingContext routing, String type, Buffer body) {
    routing
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
                + " connect-src 'self'; frame-ancestors 'none'")
        .end(body);
  }

  private JsonObject state() {
    RequestCounts counts = requests.counts();
    return gateway
        .state()
        .put("underWay", requests.underWay())
        .put(
            "requests",
            new JsonObject()
                .put("finished", counts.finished())
                .put("client-gone", counts.clientGone())
                .put("timed-out", counts.timedOut())
                .put("shutting-down", counts.shuttingDown())
                .put("other", counts.other())
                .put("refused", counts.refused()));
  }

  private static Buffer read(String name) {
    try (InputStream in = AdminPages.class.getResourceAsStream(name)) {
      return Buffer.buffer(Objects.requireNonNull(in, name).readAllBytes());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
