package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Issue 8: pictures of the dashboard with 500 tasks that wait and run, for those who look at it.
 */
@InChromium
class DashboardPicturesTest {
  private static final List<String> NAMES =
      List.of(
          "Resize pictures",
          "Send invoices",
          "Encode video",
          "Index documents",
          "Back up database",
          "Import orders",
          "Render report",
          "Sync calendars",
          "Train model",
          "Clean cache");
  private static final int RUNNING = 40;

  @TempDir Path directory;

  private static final int OF_EACH_FATE = 12;

  /** One after the other what completes, fails, is late, and is tried again much later. */
  private static JsonArray past() {
    var tasks = new JsonArray();
    for (int i = 0; i < OF_EACH_FATE; i++) {
      String name = NAMES.get(i % NAMES.size()) + " " + (900 + i);
      tasks.add(new JsonObject().put("name", name + " in time").put("sleep", 100 * (i + 1) + "ms"));
      tasks.add(
          new JsonObject()
              .put("name", "Check " + name.toLowerCase(Locale.ROOT))
              .put("exec", fails(i / 5.0, "part " + (i + 2) + " has the wrong checksum")));
      tasks.add(
          new JsonObject()
              .put("name", name)
              .put("sleep", "1m")
              .put("timeout", 200 * (i + 1) + "ms"));
      tasks.add(
          new JsonObject()
              .put("name", name + " again")
              .put("exec", fails(0, "the connection was refused"))
              .put("timeout", "10m")
              .put(
                  "retries",
                  new JsonObject().put("attempts", 5).put("base", "9m").put("cap", "9m")));
    }
    return tasks;
  }

  private static List<String> fails(double afterSeconds, String words) {
    return List.of("sh", "-c", "sleep " + afterSeconds + "; echo \"$0\" >&2; exit 1", words);
  }

  private static JsonArray work() {
    var random = new Random(7);
    var tasks = new JsonArray();
    for (int i = 0; i < 500; i++) {
      int seconds = 60 + random.nextInt(240);
      tasks.add(
          new JsonObject()
              .put("name", NAMES.get(random.nextInt(NAMES.size())) + " " + (1000 + i))
              .put("sleep", seconds + "s")
              .put("timeout", seconds + 60 + "s")
              .put("priority", 1 + random.nextInt(5))
              .put("critical", random.nextInt(8) == 0));
    }
    for (int i = 0; i < 12; i++) {
      tasks.add(
          new JsonObject()
              .put("name", NAMES.get(i % NAMES.size()) + " tomorrow")
              .put("sleep", "1s")
              .put("delay", 10 + i + "h"));
    }
    return tasks;
  }

  @Test
  @DisplayName("pictures: empty, busy, dark, narrow, wide")
  void pictures(Page page) throws Exception {
    try (Served served = Served.in(directory, "--workers", "" + RUNNING, "--max-timeout", "10m")) {
      page.window(1440, 720);
      page.open(served, "#/");
      page.see(".panel-running", "Ready for the first task");
      page.screenshot("empty");

      // First: they would wait behind the others for hours.
      List<JsonObject> past = served.submitAll(past().encode());
      for (int i = 0; i < past.size(); i += 4) {
        served.awaitState(past.get(i).getString("id"), "completed");
        served.awaitState(past.get(i + 1).getString("id"), "failed");
        served.awaitState(past.get(i + 2).getString("id"), "timed_out");
      }
      Served.await(
          () -> served.json("/api/stats").getJsonObject("states").getInteger("retrying"),
          retrying -> retrying > OF_EACH_FATE / 2);
      List<JsonObject> stored = served.submitAll(work().encode());
      for (int i = 0; i < 9; i++) {
        assertThat(
                served
                    .post(
                        "/api/tasks/" + stored.get(480 + i).getString("id") + "/cancel",
                        "{\"cause\":\"superseded by a newer one\"}")
                    .statusCode())
            .isEqualTo(200);
      }
      page.until("seen('.tile[data-state=running] .value').textContent === args[0]", "" + RUNNING);
      page.until(
          "[...document.querySelectorAll('.panel-running .percent')].some(each =>"
              + " parseInt(each.textContent) > 2)");
      page.see(".panel-cancelled .row:not(.waiting)");
      page.see(".panel-dead .row[data-state=failed]", "wrong checksum");
      page.see(".panel-later .row[data-state=retrying]", "the connection was refused");
      // Made for a window of the usual height; all of it is to be seen.
      page.window(1440, 1250);
      page.screenshot("busy");
      page.window(1440, 900);
      page.prefers("color-scheme", "dark");
      page.screenshot("busy-dark");
      page.open(
          served,
          "#/tasks?state=running,pending&task="
              + served
                  .json("/api/tasks?state=running&limit=1")
                  .getJsonArray("tasks")
                  .getJsonObject(0)
                  .getString("id"));
      page.see(".story .facts");
      page.see(".sizer > .row:not(.waiting)");
      page.screenshot("list-dark");
      page.prefers("color-scheme", "light");
      page.screenshot("list");

      page.window(400, 860);
      page.open(served, "#/");
      page.see(".panel-running .row:not(.waiting)");
      assertThat((Long) page.ask("document.documentElement.scrollWidth"))
          .as("no scrolling sideways")
          .isLessThanOrEqualTo(400);
      page.screenshot("narrow");
      page.window(2560, 1440);
      page.open(served, "#/");
      page.see(".panel-running .row:not(.waiting)");
      page.screenshot("wide");
    }
  }
}
