package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
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
      for (JsonObject task : stored) served.awaitState(task.getString("id"), "failed");
      page.open(served, "#/");
      page.until("seen('.panel-dead .row', '<img src=x')");
      page.go("#/tasks?q=%3Cimg%20src%3Dx");
      page.see(".chip", "<img src=x");
      page.see(".sizer > .row", NAMES.getFirst());
      for (JsonObject task : stored) {
        page.go("#/tasks?task=" + task.getString("id"));
        page.see(".story .facts", task.getString("id"));
        page.see("pre[aria-label=Output]");
        assertThat(
                page.ask(
                    "document.querySelectorAll('#view img, #view script, .story img, .story script,"
                        + " [onload], [onerror]').length"))
            .isEqualTo(0L);
        assertThat(page.text(".story-name")).doesNotContain("\u202E", "\n", "\u0007");
      }
      assertThat(page.ask("window.taken")).isNull();
    }
  }

  @Test
  @DisplayName("401: the page asks for the token once, says when it is wrong, and then is live")
  void token(Page page) throws Exception {
    String secret = "a-token-of-24-characters";
    try (Served served = Served.in(directory, "--token", secret)) {
      page.load(served, "#/");
      page.see("#token");
      assertThat(page.ask("document.querySelectorAll('dialog').length")).isEqualTo(1L);
      page.keys("not-that-one", Keys.ENTER);
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
