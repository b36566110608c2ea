package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Issue 8: nothing on the dashboard needs a mouse. */
@InChromium
class DashboardKeyboardTest {
  @TempDir Path directory;

  @Test
  @DisplayName("submit, find, open, extend, cancel, run again, pause and resume by keys alone")
  void journey(Page page) throws Exception {
    try (Served served = Served.in(directory, "--max-timeout", "10m")) {
      page.open(served, "#/");
      page.keys("?");
      page.see("dialog.help", "Next task");
      page.keys(Keys.ESCAPE);
      page.gone("dialog");

      page.keys("n");
      page.until("document.activeElement.id === 'field-name'");
      // What a field already has is marked when Tab reaches it, and typed over.
      page.keys("Ship it", Keys.TAB, Keys.TAB);
      page.keys("5m", Keys.TAB, Keys.TAB);
      page.keys("8m", Keys.TAB, Keys.TAB, Keys.TAB, Keys.SPACE, Keys.ENTER);
      page.see(".toast", "Submitted “Ship it”");
      page.gone("dialog");

      page.keys("/");
      page.until("document.activeElement.id === 'search-field'");
      page.keys("ship", Keys.ENTER);
      page.until("document.activeElement.matches('.grid')");
      page.reads(".total", "1 task");
      page.see(".sizer > .row[data-state=running]", "Ship it");
      page.keys("j");
      page.see(".row[aria-selected=true]", "Ship it");
      page.keys(Keys.ENTER);
      page.until("document.activeElement.matches('.story-name')");
      String id = served.json("/api/tasks").getJsonArray("tasks").getJsonObject(0).getString("id");
      String deadline = served.task(id).getString("deadline");
      page.keys("e");
      page.see(".toast", "has 30s more");
      assertThat(served.task(id).getString("deadline")).isGreaterThan(deadline);

      page.keys("c");
      page.see("dialog", "Cancel “Ship it”?");
      page.keys(Keys.ESCAPE);
      page.gone("dialog");
      assertThat(served.task(id).getString("state")).isEqualTo("running");
      page.keys("c");
      page.see("dialog", "Cancel “Ship it”?");
      page.keys(Keys.ENTER);
      page.see(".story .badge", "Cancelled");
      page.keys("r");
      page.see(".story .badge", "Running");

      page.keys(Keys.ESCAPE);
      page.gone(".story");
      page.until("document.activeElement.matches('.grid')");
      page.keys("p");
      page.see(".banner[data-kind=paused]");
      page.keys("p");
      page.gone(".banner");
      page.keys("o");
      page.until("document.body.dataset.view === 'overview'");
      page.see(".panel-running .row", "Ship it");
      page.keys("j", Keys.ENTER);
      page.see(".story-name", "Ship it");
      page.keys(Keys.ESCAPE);
      page.gone(".story");
      page.keys("t");
      page.until("document.body.dataset.view === 'tasks'");
    }
  }

  @Test
  @DisplayName("on a narrow screen the story covers the list, has the focus, and gives it back")
  void narrow(Page page) throws Exception {
    try (Served served = Served.in(directory, "--max-timeout", "10m")) {
      served.submit("{\"id\":\"one\",\"name\":\"Ship it\",\"sleep\":\"5m\",\"timeout\":\"8m\"}");
      page.window(400, 860);
      for (String view : new String[] {"#/tasks", "#/"}) {
        page.open(served, view);
        page.see(view.equals("#/") ? ".panel-running .row" : ".sizer > .row", "Ship it");
        page.keys("j", Keys.ENTER);
        page.see(".story-name", "Ship it");
        page.until("document.activeElement.matches('.story-name')");
        assertThat(page.ask("document.querySelector('main').inert")).isEqualTo(true);
        assertThat(page.ask("document.querySelector('.story').getBoundingClientRect().width"))
            .isEqualTo(400L);
        page.keys(Keys.ESCAPE);
        page.gone(".story");
        assertThat(page.ask("document.querySelector('main').inert")).isEqualTo(false);
        page.until("document.activeElement.matches('.grid, .panel-running .row')");
      }
    }
  }
}
