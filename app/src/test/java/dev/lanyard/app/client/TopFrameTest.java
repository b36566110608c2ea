package dev.lanyard.app.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.app.terminal.Meter;
import dev.lanyard.app.terminal.Style;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("issue 7: lanyard top")
class TopFrameTest {
  private static final String ID = "t3kaaaaaaaaaaaaaaaaaaaaaaa";

  private final TopModel model = new TopModel();

  private static Fields fields(String json) {
    return Fields.of(Json.read(json));
  }

  private void load() {
    model.on(new ServerEvent(ServerEvent.CONNECTED, null, Fields.NONE));
    model.loaded(
        fields(Tasks.stats()),
        List.of(fields(Tasks.task(ID, "Process\\u001b Images 画像", "running"))),
        List.of(fields(Tasks.task("q1", "Waiting", "pending"))),
        List.of(fields(Tasks.task("e1", "Ended", "failed"))));
  }

  private List<String> frame(int width, int height) {
    return new TopFrame(
            model.view(), "http://h:1", Shell.NOW, ZoneOffset.UTC, Style.PLAIN, width, height)
        .lines();
  }

  private void on(String type, String json) {
    model.on(new ServerEvent(type, "1", fields(json)));
  }

  @Test
  @DisplayName("counts, bars with what is left, the queue")
  void wide() {
    load();
    assertThat(frame(120, 24))
        .hasSize(24)
        .anyMatch(line -> line.contains("pending 3  running 2"))
        .anyMatch(line ->
            line.startsWith(ID + "  Process\\e Images 画像  ━")
                && line.endsWith("42%  3.0s, 2.0s left"))
        .anyMatch(line -> line.startsWith("q1  Waiting") && line.contains("waits 5s"))
        .anyMatch(line -> line.equals("QUEUE (1 of 3)"))
        .anyMatch(line -> line.startsWith("e1  failed  Ended  1s ago, took 2s  disk full"));
  }

  @Test
  @DisplayName("no size breaks a line or the number of lines, and no id is cut")
  void sizes() {
    load();
    for (int width = 1; width < 140; width++) {
      for (int height : new int[] {1, 2, 5, 9, 10, 11, 24, 60}) {
        List<String> lines = frame(width, height);
        assertThat(lines).as(width + "x" + height).hasSize(height);
        for (String line : lines) {
          if (!line.startsWith("t3k") && !line.startsWith("q1") && !line.startsWith("e1")) {
            assertThat(Meter.columns(line))
                .as(width + "x" + height + line)
                .isLessThanOrEqualTo(width);
          }
          if (line.startsWith("t3k")) assertThat(line).startsWith(ID);
        }
      }
    }
  }

  @Test
  @DisplayName("events change what is seen at once")
  void events() {
    load();
    on(
        "progress",
        Tasks.event(ID, "P", "progress", "running", "r")
            .replace("\"progress\":0", "\"progress\":77"));
    assertThat(frame(120, 24)).anyMatch(line -> line.contains(" 77%"));
    on("task", Tasks.event("new", "Newer", "started", "running", "r"));
    assertThat(frame(120, 24)).anyMatch(line -> line.matches("new +Newer .*"));
    on("task", Tasks.event("new", "Newer", "completed", "completed", "r"));
    assertThat(frame(120, 24)).anyMatch(line -> line.startsWith("new  completed  Newer"));
    on("stats", Tasks.stats().replace("\"paused\":false", "\"paused\":true"));
    assertThat(frame(120, 24).getFirst()).endsWith("PAUSED (lanyard resume)");
    model.on(new ServerEvent(ServerEvent.LOST, null, Fields.NONE));
    assertThat(frame(120, 24).getFirst()).contains("the connection is lost");
  }

  @Test
  @DisplayName("many tasks share the screen; what does not fit is counted")
  void many() {
    List<Fields> running = new ArrayList<>();
    List<Fields> queue = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      running.add(fields(Tasks.task("r" + i, "R" + i, "running")));
      queue.add(fields(Tasks.task("q" + i, "Q" + i, "pending")));
    }
    model.loaded(fields(Tasks.stats()), running, queue, List.of());
    assertThat(frame(80, 30))
        .hasSize(30)
        .anyMatch(line -> line.equals("RUNNING (11 of 200)"))
        .anyMatch(line -> line.startsWith("r10 "))
        .anyMatch(line -> line.startsWith("q5 "));
  }
}
