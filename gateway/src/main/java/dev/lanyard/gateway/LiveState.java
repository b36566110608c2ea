package dev.lanyard.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** The routes as JSON. */
final class LiveState {
  private static final List<String> ENDS =
      List.of(
          "finished", "client-gone", "timed-out", "shutting-down", "upstream-failed", "cancelled");

  private LiveState() {}

  static JsonObject of(List<LiveRoute> routes) {
    var list = new JsonArray();
    routes.forEach(live -> list.add(route(live)));
    return new JsonObject().put("routes", list);
  }

  private static JsonObject route(LiveRoute live) {
    var ends = new JsonObject();
    for (String end : ENDS) ends.put(end, live.meters.count(end));
    var statuses = new JsonObject();
    for (int i = 1; i <= 5; i++) statuses.put(i + "xx", live.meters.countOfStatus(i));
    var upstreams = new JsonArray();
    live.upstreams.forEach(upstream -> upstreams.add(upstream(upstream)));
    Route route = live.route;
    return new JsonObject()
        .put("path", route.path())
        .put("host", route.host())
        .put("timeoutMs", route.timeout() == null ? null : route.timeout().toMillis())
        .put("underWay", live.meters.underWay.get())
        .put("retries", (long) live.meters.retries())
        .put("ends", ends)
        .put("statuses", statuses)
        .put("upstreams", upstreams);
  }

  private static JsonObject upstream(Upstream upstream) {
    String state = upstream.breaker.state().name().toLowerCase(Locale.ROOT).replace('_', '-');
    var json =
        new JsonObject()
            .put("address", String.valueOf(upstream.address))
            .put("calls", upstream.calls.sum())
            .put("failures", upstream.failures.sum())
            .put("breaker", state);
    float rate = upstream.breaker.failureRate();
    if (rate >= 0) json.put("failureRate", rate);
    if (state.equals("open")) {
      json.put("restLeftMs", upstream.breaker.retryAfter().toMillis());
    }
    return json;
  }
}
