package dev.lanyard.app.server;

import dev.lanyard.durable.StoredTask;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * What a call is answered with.
 *
 * @param headers besides those that every answer has
 */
record Answer(int status, String type, Map<String, String> headers, String body) {
  private static final String JSON = "application/json";

  static Answer json(int status, Consumer<JsonGenerator> fields) {
    return new Answer(status, JSON, Map.of(), Json.object(fields));
  }

  static Answer json(Consumer<JsonGenerator> fields) {
    return json(200, fields);
  }

  static Answer text(String text) {
    return new Answer(200, "text/plain; charset=utf-8", Map.of(), text);
  }

  /** All there is to know of it. */
  static Answer of(StoredTask task) {
    return json(json -> TaskJson.task(json, task, true));
  }

  static Answer of(int status, List<StoredTask> tasks) {
    return json(
        status, json -> Json.array(json, "tasks", tasks, task -> TaskJson.task(json, task, true)));
  }

  Answer withHeader(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Answer(status, type, more, body);
  }

  void send(RoutingContext routing) {
    HttpServerResponse response = routing.response();
    response.setStatusCode(status);
    response.putHeader(HttpHeaders.CONTENT_TYPE, type);
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    headers.forEach(response::putHeader);
    response.end(Buffer.buffer(body));
  }
}
