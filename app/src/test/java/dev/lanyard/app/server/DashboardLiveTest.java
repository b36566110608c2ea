package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  @DisplayName("lines do not move under a reader who has chosen one: a button says what waits")
  void changes(Page page) throws Exception {
    try (Served served = Served.in(directory, "--max-timeout", "60s")) {
      served.submit("{\"name\":\"First\",\"sleep\":\"1s\",\"delay\":\"1h\"}");
      page.open(served, "#/tasks?state=scheduled");
      page.see(".sizer > .row", "First");
      page.keys("j");
      page.see(".row[aria-selected=true]", "First");
      served.submit("{\"name\":\"Second\",\"sleep\":\"1s\",\"delay\":\"1h\"}");
      page.reads(".news span", "1 change");
      served.submit("{\"name\":\"Of another state\",\"sleep\":\"1ms\"}");
      served.submit("{\"name\":\"Third\",\"sleep\":\"1s\",\"delay\":\"1h\"}");
      page.reads(".news span", "2 changes");
      page.reads(".total", "1 task");
      assertThat(page.ask("seen('.sizer > .row', 'Second')")).isNull();
      page.click(".news");
      page.reads(".total", "3 tasks");
      page.see(".sizer > .row", "Third");
      page.see(".row[aria-selected=true]", "First");
      page.gone(".news");
    }
  }

  @Test
  @DisplayName("a page that nobody has seen for 30 s gives its stream back, also one opened so")
  void hidden(Page page) throws Exception {
    String unseen =
        """
        (() => {
          let hidden = true;
          const later = window.setTimeout;
          const waiting = [];
          Object.defineProperty(document, 'hidden', {get: () => hidden});
          window.setTimeout = (work, time, ...more) => time === 30000 ? (waiting.push(work), -1) : later(work, time, ...more);
          window.passTime = () => waiting.splice(0).forEach(work => work());
          window.show = shown => {
            hidden = !shown;
            document.dispatchEvent(new Event('visibilitychange'));
          };
        })();
        """;
    try (Served served = Served.in(directory, "--max-timeout", "60s");
        Closeable _ = page.beforeEachPage(unseen)) {
      page.load(served, "#/");
      awaitReaders(served, 1);
      page.script("passTime()");
      awaitReaders(served, 0);
      served.submit("{\"name\":\"Meanwhile\",\"sleep\":\"1s\",\"delay\":\"1h\"}");
      page.script("show(true)");
      awaitReaders(served, 1);
      page.see(".panel-later .row", "Meanwhile");
      page.script("show(false)");
      page.script("passTime()");
      awaitReaders(served, 0);
    }
  }

  private static void awaitReaders(Served served, int count) {
    Served.await(
        () -> {
          try {
            return served.get("/metrics").body();
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        },
        text -> text.contains("\ntask_feed_readers " + count + ".0\n"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"dropped", "reset"})
  @DisplayName("events are missed: the lists are read again, once for many such words")
  void missed(String word, Page page) throws Exception {
    String ours =
        """
        (() => {
          const real = fetch;
          window.asked = 0;
          window.fetch = (url, options) => {
            const path = new URL(url).pathname;
            if (path === '/api/tasks') asked++;
            if (path !== '/api/events') return real(url, options);
            const body = new ReadableStream({start: control => {
              window.say = text => control.enqueue(new TextEncoder().encode(text));
            }});
            return Promise.resolve(new Response(body));
          };
        })();
        """;
    try (Served served = Served.in(directory, "--max-timeout", "60s");
        Closeable _ = page.beforeEachPage(ours)) {
      page.open(served, "#/tasks?state=scheduled");
      page.see(".list-void", "No task matches");
      // The first word of a stream has the lists read again, too.
      page.script("say('retry: 1000\\n\\n')");
      page.until("asked === 2");
      served.submit("{\"name\":\"Untold\",\"sleep\":\"1s\",\"delay\":\"1h\"}");
      page.script("say('event: " + word + "\\ndata: {\"count\":1}\\n\\n'.repeat(1000))");
      page.see(".sizer > .row", "Untold");
      assertThat((Long) page.value("asked")).isLessThan(10);
    }
  }

  @Test
  @DisplayName("what cannot be read again is said where its old answer stands, until it can")
  void failedReload(Page page) throws Exception {
    String answer =
        "window.real ??= fetch; window.fetch = (url, options) => String(url).match(/api.tasks/) ?"
            + " Promise.resolve(new Response('{\"title\":\"Busy\",\"detail\":\"%s\"}',"
            + " {status: %d})) : real(url, options)";
    try (Served served = Served.in(directory, "--max-timeout", "10m")) {
      String fields = "\"name\":\"Stays\",\"sleep\":\"5m\",\"timeout\":\"8m\",\"critical\":true}";
      served.submit("{\"id\":\"stays\"," + fields);
      served.awaitState("stays", "running");
      page.open(served, "#/tasks?task=stays");
      page.see(".story .facts", "stays");
      page.see(".sizer > .row", "Stays");
      page.script(answer.formatted("come again", 503));
      assertThat(served.post("/api/tasks/stays/extend", "{\"by\":\"1s\"}").statusCode())
          .isEqualTo(200);
      page.reads(".story .trouble span", "come again");
      page.keys(".");
      page.reads(".toolbar .trouble span", "come again");
      page.see(".sizer > .row", "Stays");
      page.see(".story .facts", "stays");
      page.go("#/?task=stays");
      page.see(".panel-running .void", "come again");
      page.script("window.fetch = real");
      page.go("#/tasks?task=stays");
      page.see(".sizer > .row", "Stays");
      page.gone(".toolbar .trouble");
      assertThat(served.post("/api/tasks/stays/extend", "{\"by\":\"1s\"}").statusCode())
          .isEqualTo(200);
      page.gone(".story .trouble");
      page.script(answer.formatted("there is no such task", 404));
      assertThat(served.post("/api/tasks/stays/extend", "{\"by\":\"1s\"}").statusCode())
          .isEqualTo(200);
      page.reads(".story-name", "Not found");
      page.see(".story .void", "there is no such task");
      page.gone(".story .facts");
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
