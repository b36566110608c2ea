package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 7: the description of the interface is true. */
class OpenApiTest {
  @TempDir Path directory;

  @Test
  @DisplayName("it describes the routes that there are, and no others")
  void routes() throws Exception {
    try (Served served = Served.in(directory)) {
      Set<String> real = new TreeSet<>();
      for (Route route : served.server.routes()) {
        String path = route.getPath();
        if (path == null || route.methods() == null) continue;
        route.methods().stream()
            .filter(method -> !method.name().equals("HEAD"))
            .forEach(method -> real.add(method.name() + " " + path.replace(":id", "{id}")));
      }
      Set<String> described = new TreeSet<>();
      JsonObject paths = served.json("/api/openapi.json").getJsonObject("paths");
      for (String path : paths.fieldNames()) {
        for (String method : paths.getJsonObject(path).fieldNames()) {
          described.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path);
        }
      }
      assertThat(described).isEqualTo(real).hasSizeGreaterThan(20);
    }
  }

  @Test
  @DisplayName("real answers are of the schemas that it gives for them, with no field unmentioned")
  void answers() throws Exception {
    try (Served served = Served.in(directory, "--max-timeout", "60s")) {
      JsonObject document = served.json("/api/openapi.json");
      var schemas = new Schemas(document.getJsonObject("components").getJsonObject("schemas"));
      served.submitAll(
          """
          [{"id":"e","name":"E","exec":["echo","hi"],"retries":2},
           {"id":"f","name":"F","exec":["false"]},
           {"id":"c","name":"C","sleep":"40s","timeout":"50s","critical":true},
           {"id":"s","name":"S","sleep":"1s","parent":"c","delay":"1h","unique":"u"}]
          """);
      served.awaitState("e", "completed");
      served.awaitState("f", "failed");
      served.awaitState("c", "running");
      schemas.check("Task", served.task("e"));
      schemas.check("Task", served.task("c"));
      schemas.check("Page", served.json("/api/tasks?limit=2"));
      schemas.check("Page", served.json("/api/tasks?full=true"));
      schemas.check("Tree", served.json("/api/tasks/s/tree"));
      schemas.check("Events", served.json("/api/tasks/e/events"));
      schemas.check("Attempts", served.json("/api/tasks/f/attempts"));
      schemas.check("Nodes", served.json("/api/nodes"));
      schemas.check("Stats", served.json("/api/stats"));
      schemas.check("Series", served.json("/api/series"));
      schemas.check("Status", served.json("/readyz"));
      schemas.check("Status", served.json("/healthz"));
      schemas.check("Task", object(served.post("/api/tasks/c/extend", "{\"by\":\"1s\"}"), 200));
      schemas.check("Task", object(served.post("/api/tasks/c/cancel", "{}"), 200));
      schemas.check("Task", object(served.post("/api/tasks/f/retry", "{}"), 200));
      schemas.check("Retried", object(served.post("/api/tasks/retry", "{\"all\":true}"), 200));
      schemas.check("Cancelled", object(served.post("/api/tasks/cancel", "{\"all\":true}"), 200));
      schemas.check(
          "Tasks",
          object(served.post("/api/tasks?wait=9s", "{\"name\":\"W\",\"sleep\":\"0\"}"), 200));
      schemas.check("Problem", object(served.get("/api/tasks/nobody"), 404));
      schemas.check("Problem", object(served.post("/api/tasks", "{}"), 422));
      schemas.check("Problem", object(served.get("/nothing"), 404));
      schemas.check("Stats", object(served.post("/api/pause", "{}"), 200));
    }
  }

  private static JsonObject object(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return new JsonObject(response.body());
  }

  /** As much of JSON Schema as the description uses for answers. */
  private record Schemas(JsonObject all) {
    void check(String name, JsonObject value) {
      check(name, all.getJsonObject(name), value);
    }

    private void check(String where, JsonObject schema, Object value) {
      String reference = schema.getString("$ref");
      if (reference != null) {
        check(where, all.getJsonObject(reference.replaceFirst(".*/", "")), value);
        return;
      }
      Object types = schema.getValue("type");
      if (types == null) return;
      JsonArray allowed = types instanceof JsonArray several ? several : JsonArray.of(types);
      assertThat(allowed.stream().anyMatch(type -> isOf(String.valueOf(type), value)))
          .as(where + ": " + value + " is of " + allowed)
          .isTrue();
      JsonArray constants = schema.getJsonArray("enum");
      if (constants != null) assertThat(constants).as(where).contains(value);
      if (value instanceof JsonObject object) checkFields(where, schema, object);
      if (value instanceof JsonArray array) {
        for (int i = 0; i < array.size(); i++) {
          check(where + "[" + i + "]", schema.getJsonObject("items"), array.getValue(i));
        }
      }
    }

    private void checkFields(String where, JsonObject schema, JsonObject object) {
      JsonObject fields = schema.getJsonObject("properties");
      if (fields == null) return;
      assertThat(fields.fieldNames()).as(where).containsAll(object.fieldNames());
      schema
          .getJsonArray("required", new JsonArray())
          .forEach(field -> assertThat(object.fieldNames()).as(where).contains((String) field));
      for (String field : object.fieldNames()) {
        check(where + "." + field, fields.getJsonObject(field), object.getValue(field));
      }
    }

    private static boolean isOf(String type, Object value) {
      return switch (type) {
        case "string" -> value instanceof String;
        case "integer" -> value instanceof Integer || value instanceof Long;
        case "number" -> value instanceof Number;
        case "boolean" -> value instanceof Boolean;
        case "null" -> value == null;
        case "object" -> value instanceof JsonObject;
        default -> value instanceof JsonArray;
      };
    }
  }
}
