package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Issue 8: what strangers write stays text, and strangers without the token see nothing. */
@InChromium
class DashboardStrangersTest {
  private static final List<String> NAMES =
      List.of(
          "<img src=x onerror=window.taken=1>",
          "</script><script>window.taken=1</script>",
          "\"><svg onload=window.taken=1>",
          "javascript:window.taken=1",
          "{{constructor.constructor('window.taken=1')()}}",
          "a\u202Egnp.exe",
          "line\nbreak\u0007");

  @TempDir Path directory;

  @Test
  @DisplayName("names, output, errors and causes with HTML are shown as they are written")
  void hostile(Page page) throws Exception {
    try (Served served = Served.in(directory, "--max-timeout", "10m")) {
      var tasks = new JsonArray();
      for (String name : NAMES) {
        tasks.add(
            new JsonObject()
                .put("name", name)
                .put("timeout", "5m")
                .put("exec", List.of("sh", "-c", "printf '%s' \"$0\"; exit 3", name)));
      }
      List<JsonObject> stored = served.submitAll(tasks.encode());
      Map<String, String> causes = new LinkedHashMap<>();
      for (JsonObject task : stored) served.awaitState(task.getString("id"), "failed");
      for (String cause : NAMES) {
        String id =
            served
                .submit("{\"name\":\"Told why\",\"sleep\":\"1s\",\"delay\":\"1h\"}")
                .getString("id");
        assertThat(
                served
                    .post(
                        "/api/tasks/" + id + "/cancel",
                        new JsonObject().put("cause", cause).encode())
                    .statusCode())
            .isEqualTo(200);
        causes.put(id, cause);
      }
      page.open(served, "#/");
      page.until("seen('.panel-dead .row', '<img src=x')");
      page.until("seen('.panel-cancelled .row', '<svg onload')");
      page.go("#/tasks?q=%3Cimg%20src%3Dx");
      page.see(".chip", "<img src=x");
      page.see(".sizer > .row", NAMES.getFirst());
      for (JsonObject task : stored) {
        page.go("#/tasks?task=" + task.getString("id"));
        page.see(".story .facts", task.getString("id"));
        page.see("pre[aria-label=Output]");
        assertThatNothingIsTaken(page);
        page.reads(".story-name", shown(task.getString("name")));
      }
      for (Map.Entry<String, String> each : causes.entrySet()) {
        page.go("#/tasks?task=" + each.getKey());
        page.see(".story .facts", each.getKey());
        // Lines of a cause stay lines there.
        page.reads(".fault-box", shown(each.getValue()).replace('\u240A', '\n'));
        page.reads(".path-sentence q", shown(each.getValue()));
        assertThatNothingIsTaken(page);
      }
      assertThat(page.ask("window.taken")).isNull();
    }
  }

  /** What could disguise itself or break a line is shown as a sign. */
  private static String shown(String text) {
    return text.replace('\n', '\u240A').replace('\u0007', '\u2407').replace('\u202E', '\uFFFD');
  }

  private static void assertThatNothingIsTaken(Page page) {
    assertThat(
            page.ask(
                "document.querySelectorAll('#view img, #view script, .story img, .story script,"
                    + " [onload], [onerror]').length"))
        .isEqualTo(0L);
    assertThat(page.ask("window.taken")).isNull();
  }

  @Test
  @DisplayName("401: the page asks for the token once, says when it is wrong, and then is live")
  void token(Page page) throws Exception {
    String secret = "a-token-of-24-characters";
    try (Served served = Served.in(directory, "--token", secret)) {
      page.load(served, "#/");
      page.see("#token");
      assertThat(page.ask("document.querySelectorAll('dialog').length")).isEqualTo(1L);
      page.keys("schl\u00FCssel \u2713", Keys.ENTER);
      page.see(".fault#token-hint", "A token has only");
      page.keys(Keys.ESCAPE);
      page.keys(Keys.ESCAPE);
      page.see("#token");
      page.fill("#token", "not-that-one");
      page.keys(Keys.ENTER);
      page.see(".fault#token-hint", "The server did not accept that token.");
      page.fill("#token", secret);
      page.click("dialog button");
      page.see(".connection[data-state=live]");
      page.gone("dialog");
      page.reload();
      page.gone("dialog");
    }
  }
}
