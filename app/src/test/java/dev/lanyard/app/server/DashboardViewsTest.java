package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Issue 8: finding tasks on the dashboard. */
@InChromium
class DashboardViewsTest {
  @TempDir static Path directory;
  private static Served served;

  @BeforeAll
  static void serve() throws Exception {
    served = Served.in(directory, "--max-timeout", "10m");
    String backups =
        IntStream.range(0, 450)
            .mapToObj(i -> "{\"name\":\"Backup " + i + "\",\"sleep\":\"1s\",\"delay\":\"1h\"}")
            .collect(Collectors.joining(",", "[", "]"));
    assertThat(served.submitAll(backups)).hasSize(450);
    served.submitAll(
        """
        [{"id":"wrong","name":"Goes wrong","exec":["false"],"timeout":"5m"},
         {"id":"late","name":"Is late","sleep":"1m","timeout":"10ms"},
         {"id":"fine","name":"Goes well","sleep":"1ms","timeout":"5m"}]
        """);
    served.awaitState("wrong", "failed");
    served.awaitState("late", "timed_out");
    served.awaitState("fine", "completed");
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @Test
  @DisplayName("a count is a filter, with Ctrl one more; the server filters")
  void counts(Page page) {
    page.open(served, "#/");
    page.click(".tile[data-state=failed]");
    page.reads(".total", "1 task");
    page.see(".sizer > .row", "Goes wrong");
    page.clickWith(Keys.CONTROL, ".tile[data-state=timed_out]");
    page.reads(".total", "2 tasks");
    page.see(".sizer > .row", "Is late");
    assertThat(page.address()).isEqualTo("#/tasks?state=failed,timed_out");
    page.back();
    page.reads(".total", "1 task");
    page.click(".tile[data-state=failed]");
    page.reads(".total", "453 tasks");
  }

  @Test
  @DisplayName("all of a long list can be reached, page after page")
  void pages(Page page) {
    page.open(served, "#/tasks?state=scheduled&order=newest");
    page.reads(".total", "450 tasks");
    page.until(
        "(() => { const grid = seen('.grid'); grid.scrollTop = grid.scrollHeight;"
            + " return seen('.sizer > .row[aria-rowindex=\"451\"]:not(.waiting)'); })()");
    page.see(".sizer > .row[aria-rowindex='451']", "Backup ");
  }

  @Test
  @DisplayName("a search looks in names and ids on the server; nothing found is said")
  void search(Page page) {
    page.open(served, "#/");
    page.fill("#search-field", "backup 44");
    page.reads(".total", "11 tasks");
    page.fill("#search-field", "wrong");
    page.reads(".total", "1 task");
    page.see(".sizer > .row", "Goes wrong");
    page.fill("#search-field", "nothing has this name");
    page.see(".list-void", "No task matches");
    page.click(".list-void button");
    page.reads(".total", "453 tasks");
  }

  @Test
  @DisplayName("an address leads to a list and a story; the back button goes back")
  void address(Page page) {
    page.open(served, "#/tasks?state=timed_out&task=late");
    page.see(".story-name", "Is late");
    page.see(".sizer > .row[data-open]", "Is late");
    page.click(".views a", "Overview");
    page.until("document.body.dataset.view === 'overview'");
    page.back();
    page.see(".sizer > .row", "Is late");
    page.see(".story-name", "Is late");
    page.click(".story button[aria-label='Close the story']");
    page.gone(".story");
    page.back();
    page.see(".story-name", "Is late");
  }

  @Test
  @DisplayName("a task that there is not: said, with what the server says")
  void unknown(Page page) {
    page.open(served, "#/?task=nobody");
    page.see(".story .void");
    page.see(".story-name", "Not found");
  }

  @Test
  @DisplayName("light, dark or as the system, kept over a reload")
  void theme(Page page) {
    page.open(served, "#/");
    page.click("#theme");
    page.until("document.documentElement.dataset.theme === 'light'");
    page.click("#theme");
    page.until("document.documentElement.dataset.theme === 'dark'");
    Object dark = page.value("getComputedStyle(document.body).backgroundColor");
    page.reload();
    assertThat(page.ask("getComputedStyle(document.body).backgroundColor")).isEqualTo(dark);
    page.click("#theme");
    page.until("document.documentElement.dataset.theme === undefined");
    page.prefers("color-scheme", "dark");
    page.until("getComputedStyle(document.body).backgroundColor === args[0]", dark);
    page.prefers("color-scheme", "light");
    page.until("getComputedStyle(document.body).backgroundColor !== args[0]", dark);
  }
}
