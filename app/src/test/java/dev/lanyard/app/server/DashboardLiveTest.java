package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 8: the page shows what is, without being loaded again. */
@InChromium
class DashboardLiveTest {
  @TempDir Path directory;

  @Test
  @DisplayName("progress is shown while it happens, in lists and in the story, to the end")
  void progress(Page page) throws Exception {
    try (Served served = Served.in(directory, "--max-timeout", "60s")) {
      page.open(served, "#/");
      page.script("window.loadedOnce = true");
      served.submit("{\"name\":\"Encode\",\"sleep\":\"40s\",\"timeout\":\"50s\"}");
      page.click(".panel-running .row", "Encode");
      Object first = page.value("parseInt(seen('.story .percent')?.textContent)");
      page.until("parseInt(seen('.story .percent')?.textContent) > args[0]", first);
      page.until(
          "parseInt(seen('.panel-running .row', 'Encode')?.querySelector('.percent').textContent) >"
              + " args[0] + 1",
          first);
      String id =
          served.submit("{\"name\":\"Zip\",\"sleep\":\"1ms\",\"timeout\":\"50s\"}").getString("id");
      page.until("seen('.tile[data-state=completed] .value').textContent === '1'");
      page.go("#/?task=" + id);
      page.see(".story .badge", "Completed");
      page.see(".log", "Completed");
      assertThat(page.ask("window.loadedOnce")).isEqualTo(true);
      assertThat(served.task(id).getInteger("progress")).isEqualTo(100);
    }
  }

  @Test
  @DisplayName(
      "the server stops and starts again with the same database: the page says so and goes on")
  void restart(Page page) throws Exception {
    String listen;
    String before;
    try (Served served = Served.in(directory, "--max-timeout", "10m")) {
      listen = served.address().toString();
      before =
          served
              .submit("{\"name\":\"Goes on\",\"sleep\":\"5m\",\"timeout\":\"9m\"}")
              .getString("id");
      served.awaitState(before, "running");
      page.open(served, "#/");
      page.script("window.loadedOnce = true");
      page.see(".panel-running .row", "Goes on");
    }
    page.see(".banner[data-kind=lost]", "The connection to the server is lost.");
    page.see(".panel-running .row", "Goes on");
    try (Served served = Served.in(directory, "--max-timeout", "10m", "--listen", listen)) {
      page.see(".connection[data-state=live]");
      page.gone(".banner");
      served.awaitState(before, "running");
      String after =
          served
              .submit("{\"name\":\"Is new\",\"sleep\":\"5m\",\"timeout\":\"9m\"}")
              .getString("id");
      page.see(".panel-running .row", "Is new");
      page.see(".panel-running .row", "Goes on");
      assertThat(served.post("/api/tasks/" + after + "/cancel", "{}").statusCode()).isEqualTo(200);
      page.see(".panel-cancelled .row", "Is new");
      assertThat(page.ask("window.loadedOnce")).isEqualTo(true);
    }
  }

  @Test
  @DisplayName(
      "pages that were left keep no connection: the browser has six, and the eighth page is served")
  void left(Page page) throws Exception {
    try (Served served = Served.in(directory, "--max-timeout", "60s")) {
      String id =
          served
              .submit("{\"name\":\"Here\",\"sleep\":\"1ms\",\"timeout\":\"50s\"}")
              .getString("id");
      served.awaitState(id, "completed");
      for (int i = 0; i < 8; i++) {
        page.open(served, "#/tasks?task=" + id);
        page.see(".story .badge", "Completed");
        page.see(".sizer > .row", "Here");
      }
      assertThat(page.ask("document.querySelectorAll('.void:not([hidden])').length")).isEqualTo(0L);
    }
  }
}
