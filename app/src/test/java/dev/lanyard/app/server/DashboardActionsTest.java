package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 8: what a reader does on the dashboard happens on the server, and the page shows it. */
@InChromium
class DashboardActionsTest {
  @TempDir static Path directory;
  private static Served served;

  @BeforeAll
  static void serve() throws Exception {
    served = Served.in(directory, "--workers", "12", "--max-timeout", "10m");
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static String submit(String fields) throws Exception {
    return served.submit("{" + fields + "}").getString("id");
  }

  private static String running(String name, String more) throws Exception {
    String id = submit("\"name\":\"" + name + "\",\"sleep\":\"5m\",\"timeout\":\"8m\"" + more);
    served.awaitState(id, "running");
    return id;
  }

  private static String state(String id) {
    return served.task(id).getString("state");
  }

  @Test
  @DisplayName("a task is submitted by the form, after a mistake was shown beside its field")
  void form(Page page) throws Exception {
    page.open(served, "#/");
    page.click(".tools .new");
    page.click(".answers .first", "Submit");
    page.see("#fault-name", "Give the task a name.");
    page.fill("#field-name", "Resize pictures");
    page.fill("#field-timeout", "soon");
    page.click(".answers .first", "Submit");
    page.see("#fault-timeout", "soon");
    page.fill("#field-priority", "0");
    page.click(".answers .first", "Submit");
    page.see("#fault-priority", "0");
    page.fill("#field-priority", "1");
    page.fill("#field-timeout", "9m");
    page.fill("#field-sleep", "5m");
    page.click(".answers .first", "Submit");
    page.see(".toast", "Submitted “Resize pictures”");
    page.click(".toast button", "Show");
    page.see(".story-name", "Resize pictures");
    page.see(".story .badge", "Running");
    String id =
        page.value("new URLSearchParams(location.hash.split('?')[1]).get('task')").toString();
    assertThat(served.task(id).getString("state")).isEqualTo("running");
    assertThat(served.task(id).getInteger("timeoutMs")).isEqualTo(540_000);
  }

  @Test
  @DisplayName("each kind of the form is one that the server takes")
  void kinds(Page page) throws Exception {
    page.open(served, "#/");
    page.click(".tools .new");
    page.fill("#field-name", "Say hello");
    page.see("#field-kind").sendKeys("Command");
    page.fill("#field-exec", "echo hello from a shell");
    page.fill("#field-timeout", "5m");
    page.click(".answers .first", "Submit");
    page.click(".toast button", "Show");
    page.see(".story .badge", "Completed");
    page.see("pre[aria-label=Output]", "hello from a shell");
    page.click(".tools .new");
    page.fill("#field-name", "Ask for health");
    page.see("#field-kind").sendKeys("HTTP");
    page.fill("#field-http", served.uri("/healthz").toString());
    page.fill("#field-timeout", "5m");
    page.click(".answers .first", "Submit");
    page.click(".toast:last-child button", "Show");
    page.see(".story-name", "Ask for health");
    page.see(".story .badge", "Completed");
    page.see("pre[aria-label=Result]", "200");
  }

  @Test
  @DisplayName("a click on a line opens its story: facts, attempts, what happened, payload")
  void story(Page page) throws Exception {
    JsonObject task =
        new JsonObject(
                served
                    .post(
                        "/api/tasks",
                        "{\"name\":\"Tell"
                            + " all\",\"exec\":[\"false\"],\"timeout\":\"5m\",\"retries\":1}",
                        "X-Request-Id",
                        "request-of-story")
                    .body())
            .getJsonArray("tasks")
            .getJsonObject(0);
    served.awaitState(task.getString("id"), "failed");
    page.open(served, "#/tasks?state=failed");
    page.click(".sizer > .row", "Tell all");
    page.see(".story .badge", "Failed");
    page.see(".story .facts", task.getString("id"));
    page.see(".story .facts", "request-of-story");
    page.see(".attempts", "Attempt 2");
    page.see(".fault-box", "1");
    page.see(".log", "Submitted");
    page.see(".log", "Will be tried again");
    page.click(".story summary", "Payload");
    page.see("pre[aria-label=Payload]", "false");
  }

  @Test
  @DisplayName("cancel asks first; its toast undoes it")
  void cancel(Page page) throws Exception {
    String id = running("Upload backup", "");
    page.open(served, "#/?task=" + id);
    page.click(".story-buttons button", "Cancel");
    page.see("dialog h2", "Cancel “Upload backup”?");
    page.click("dialog button", "Keep");
    page.gone("dialog");
    assertThat(state(id)).isEqualTo("running");
    page.click(".story-buttons button", "Cancel");
    page.click("dialog button", "Cancel the task");
    page.see(".story .badge", "Cancelled");
    page.reads(".fault-box", "cancelled from the dashboard");
    page.reads(".path-sentence span", "Upload backup was cancelled cancelled from the dashboard");
    assertThat(state(id)).isEqualTo("cancelled");
    page.click(".toast button", "Re-run?");
    page.see(".story .badge", "Running");
    page.see(".toast", "Running again");
    page.see(".log", "Run again");
    served.awaitState(id, "running");
  }

  @Test
  @DisplayName("a cancelled parent: the tree shows where it began and what it reached")
  void tree(Page page) throws Exception {
    String id =
        served
            .submitAll(
                """
                [{"id":"release","name":"Publish release","sleep":"5m","timeout":"8m"},
                 {"id":"linux","name":"Build for Linux","sleep":"4m","timeout":"8m","parent":"release"},
                 {"id":"mac","name":"Build for macOS","sleep":"4m","timeout":"8m","parent":"release"},
                 {"id":"sign","name":"Sign the archive","sleep":"4m","timeout":"8m","parent":"mac"},
                 {"id":"notes","name":"Write notes","sleep":"1h","delay":"1h","timeout":"8m","parent":"release"}]
                """)
            .getFirst()
            .getString("id");
    served.awaitState("sign", "running");
    page.open(served, "#/?task=" + id);
    page.until("document.querySelectorAll('.tree .twig').length === 5");
    // A link leads to where it leads now, and not when it was drawn.
    page.go("#/tasks?state=running&task=" + id);
    page.see(".sizer > .row", "Publish release");
    page.click(".tree .twig", "Sign the archive");
    page.reads(".story-name", "Sign the archive");
    assertThat(page.address()).isEqualTo("#/tasks?state=running&task=sign");
    page.click(".tree .twig", "Publish release");
    page.reads(".story-name", "Publish release");
    page.click(".story-buttons button", "Cancel");
    page.see("dialog", "Everything below it in its tree is cancelled too.");
    page.click("dialog button", "Cancel the task");
    page.see(".story .badge", "Cancelled");
    page.until("document.querySelectorAll('.tree .twig[data-state=cancelled]').length === 5");
    page.see(".path-sentence", "It reached 4 tasks below");
    page.see(".tree .origin > .twig", "cancelled here");
    page.script("document.querySelectorAll('.toast').forEach(toast => toast.remove())");
    page.screenshot("cancelled-tree");
    for (String below : new String[] {"linux", "mac", "sign", "notes"}) {
      assertThat(state(below)).isEqualTo("cancelled");
    }
  }

  @Test
  @DisplayName("a critical task gets more time")
  void extend(Page page) throws Exception {
    String id = running("Migrate", ",\"critical\":true");
    Instant before = Instant.parse(served.task(id).getString("deadline"));
    page.open(served, "#/?task=" + id);
    String left = page.text(".time-left").replaceAll(".* of ", "");
    page.click(".extend button", "1 min");
    page.see(".toast", "has 1m more");
    page.see(".log", "Deadline extended");
    page.until("!seen('.time-left').textContent.endsWith(' of ' + args[0])", left);
    Instant after = Instant.parse(served.task(id).getString("deadline"));
    assertThat(Duration.between(before, after)).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  @DisplayName("paused, nothing starts and a banner says so; resumed, it goes on")
  void pause(Page page) throws Exception {
    page.open(served, "#/");
    page.click(".tools button[aria-label^=Pause]");
    page.see(".banner[data-kind=paused]", "No node takes new tasks");
    assertThat(served.json("/api/stats").getBoolean("paused")).isTrue();
    String id = submit("\"name\":\"Waits\",\"sleep\":\"1ms\",\"timeout\":\"5m\"");
    page.see(".panel-queue .row", "Waits");
    assertThat(state(id)).isEqualTo("pending");
    page.click(".banner button", "Resume");
    page.gone(".banner");
    served.awaitState(id, "completed");
    page.until("!seen('.panel-queue .row', 'Waits')");
  }

  @Test
  @DisplayName("all of a filter are cancelled and run again, after a question that says how many")
  void bulk(Page page) throws Exception {
    var ids = new java.util.ArrayList<String>();
    for (int i = 0; i < 5; i++)
      ids.add(submit("\"name\":\"Nightly\",\"sleep\":\"1s\",\"timeout\":\"5m\",\"delay\":\"1h\""));
    String other =
        submit("\"name\":\"Weekly\",\"sleep\":\"1s\",\"timeout\":\"5m\",\"delay\":\"1h\"");
    page.open(served, "#/tasks?name=Nightly");
    page.reads(".total", "5 tasks");
    page.click(".toolbar button", "Cancel all");
    page.see("dialog h2", "Cancel 5 tasks?");
    page.click("dialog button", "Cancel 5 tasks");
    page.see(".toast", "Cancelled 5 tasks.");
    page.until(
        "document.querySelectorAll('.sizer > .row[data-state=cancelled]:not([hidden])').length ==="
            + " 5");
    for (String id : ids) assertThat(state(id)).isEqualTo("cancelled");
    page.click(".toolbar button", "Re-run all");
    page.see("dialog h2", "Re-run 5 tasks?");
    page.click("dialog button", "Re-run 5 tasks");
    page.see(".toast", "Running again: 5 tasks.");
    for (String id : ids) served.awaitState(id, "completed");
    assertThat(state(other)).isEqualTo("scheduled");
  }

  @Test
  @DisplayName("all dead letters are run again, which is offered while there are any")
  void allDeadLetters(Page page) throws Exception {
    Path alone = java.nio.file.Files.createDirectory(directory.resolve("alone"));
    Path file = alone.resolve("there");
    try (Served own = Served.in(alone)) {
      page.open(own, "#/");
      page.see(".panel-dead .void", "No dead letters");
      page.gone(".panel-dead header button");
      for (String id : new String[] {"one", "two"}) {
        JsonObject task =
            new JsonObject()
                .put("id", id)
                .put("name", "Look for it")
                .put("exec", java.util.List.of("test", "-e", file.toString()));
        own.submit(task.encode());
        own.awaitState(id, "failed");
      }
      java.nio.file.Files.createFile(file);
      page.click(".panel-dead header button", "Re-run all");
      page.see("dialog h2", "Re-run 2 tasks?");
      page.click("dialog button", "Re-run 2 tasks");
      page.see(".toast", "Running again: 2 tasks.");
      own.awaitState("one", "completed");
      own.awaitState("two", "completed");
      page.gone(".panel-dead header button");
    }
  }

  @Test
  @DisplayName("all that a search finds are cancelled, and no others; nothing is offered in vain")
  void bulkOfSearch(Page page) throws Exception {
    String found =
        submit("\"name\":\"Sweep it\",\"sleep\":\"1s\",\"timeout\":\"5m\",\"delay\":\"1h\"");
    String other =
        submit("\"name\":\"Mop it\",\"sleep\":\"1s\",\"timeout\":\"5m\",\"delay\":\"1h\"");
    page.open(served, "#/tasks?q=sweep");
    page.reads(".total", "1 task");
    page.see(".toolbar button", "Cancel all");
    assertThat(page.ask("seen('.toolbar button', 'Re-run all')")).isNull();
    page.click(".toolbar button", "Cancel all");
    page.click("dialog button", "Cancel 1 task");
    page.see(".toast", "Cancelled 1 task.");
    page.see(".toolbar button", "Re-run all");
    page.until("!seen('.toolbar button', 'Cancel all')");
    assertThat(state(found)).isEqualTo("cancelled");
    assertThat(state(other)).isEqualTo("scheduled");
  }

  @Test
  @DisplayName("a dead letter is run again from the overview")
  void deadLetter(Page page) throws Exception {
    Path file = directory.resolve("there");
    String id =
        submit(
            "\"name\":\"Look for it\",\"timeout\":\"5m\",\"exec\":[\"test\",\"-e\",\""
                + file
                + "\"]");
    served.awaitState(id, "failed");
    page.open(served, "#/");
    page.see(".panel-dead .row", "Look for it");
    java.nio.file.Files.createFile(file);
    page.click(".panel-dead li:has(.row[href*='" + id + "']) button");
    page.see(".toast", "Running again");
    served.awaitState(id, "completed");
    page.until("!seen('.panel-dead .row', 'Look for it')");
  }
}
