package dev.lanyard.app.client;

import dev.lanyard.app.input.Visible;
import dev.lanyard.app.terminal.Style;
import dev.lanyard.app.terminal.Table;
import dev.lanyard.app.terminal.Table.Cell;
import dev.lanyard.app.terminal.Table.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One task for people, from the facts to what it printed. */
final class TaskPage {
  private static final int LABELS = 11;

  /** A tree that is deeper is drawn as if it were not. */
  private static final int DEEPEST = 20;

  private final List<String> lines = new ArrayList<>();
  private final Style style;
  private final Surroundings around;
  private final Instant now;

  TaskPage(Style style, Surroundings around) {
    this.style = style;
    this.around = around;
    this.now = around.now();
  }

  List<String> lines() {
    return lines;
  }

  void facts(TaskFacts task) {
    Fields fields = task.fields();
    lines.add(task.name());
    fact("ID", task.id());
    String when = task.when(now);
    label(
        "State", TaskFacts.paint(task.state(), style) + (when.isEmpty() ? "" : " (" + when + ")"));
    fact("Kind", task.kind());
    if (fields.get("payload") != null) fact("Payload", Json.write(fields.get("payload")));
    fact(
        "Priority",
        fields.number("priority", 0)
            + (fields.flag("critical") ? ", critical: may be extended" : ""));
    fact("Attempt", task.attempts());
    if (fields.number("timeoutMs") != null) {
      fact("Timeout", Moments.rough(Duration.ofMillis(fields.number("timeoutMs", 0))));
    }
    moment("Created", task, "createdAt");
    if (!task.isOver()) moment("Due", task, "runAt");
    moment("Started", task, "startedAt");
    moment("Deadline", task, "deadline");
    moment("Finished", task, "finishedAt");
    cancellation(fields);
    fact("Note", fields.text("progressNote"));
    String error = fields.text("error");
    if (error != null) label("Error", style.bad(Visible.of(error)));
    if (fields.get("result") != null) fact("Result", Json.write(fields.get("result")));
    fact("Parent", fields.text("parent"));
    fact("Node", fields.text("node"));
    fact("Request", fields.text("requestId"));
    fact("Trace", fields.text("traceId"));
    fact("Unique key", fields.text("uniqueKey"));
  }

  private void cancellation(Fields fields) {
    Instant asked = fields.moment("cancelRequestedAt");
    String cause = fields.text("cancelCause");
    if (asked == null && cause == null) return;
    String by = fields.text("cancelBy");
    fact(
        "Canceled",
        (asked == null ? "" : Moments.show(asked, now) + " ")
            + (by == null ? "" : "by " + by + " ")
            + (cause == null ? "" : "because: " + cause));
  }

  private void moment(String label, TaskFacts task, String field) {
    Instant moment = task.moment(field);
    if (moment == null) return;
    fact(label, Moments.day(moment, around.zone()) + " (" + Moments.show(moment, now) + ")");
  }

  private void fact(String label, @Nullable String value) {
    if (value != null) label(label, Visible.of(value));
  }

  private void label(String label, String value) {
    lines.add("  " + style.faint(label + " ".repeat(LABELS - label.length())) + value);
  }

  private void heading(String text) {
    lines.add("");
    lines.add(text);
  }

  /** Nothing is drawn for a task that stands alone. */
  void tree(Fields answer, String self) {
    List<Fields> tasks = answer.objects("tasks");
    if (tasks.size() < 2) return;
    heading("Tree");
    Table table =
        new Table(style)
            .column("ID", Kind.LEFT)
            .column("STATE", Kind.LEFT)
            .column("NAME", Kind.FLEXIBLE)
            .column("WHEN", Kind.LEFT);
    Map<String, Integer> depths = new HashMap<>();
    for (Fields each : tasks) {
      TaskFacts task = new TaskFacts(each);
      Integer above = depths.get(each.text("parent", ""));
      int depth = above == null ? 0 : above + 1;
      depths.put(task.id(), depth);
      String branch = depth == 0 ? "" : "  ".repeat(Math.min(depth, DEEPEST) - 1) + "└ ";
      boolean here = task.id().equals(self);
      table.row(
          Cell.of(Visible.of(task.id())),
          new Cell(Visible.of(task.state()), state -> TaskFacts.paint(state, style)),
          Cell.of(branch + task.name() + (here ? " ←" : "")),
          Cell.of(task.when(now)));
    }
    add(table);
    if (answer.flag("more")) lines.add("  … and more");
  }

  void attempts(Fields answer) {
    List<Fields> attempts = answer.objects("attempts");
    if (attempts.isEmpty()) return;
    heading("Attempts");
    Table table =
        new Table(style)
            .column("TRY", Kind.RIGHT)
            .column("STARTED", Kind.LEFT)
            .column("TOOK", Kind.RIGHT)
            .column("OUTCOME", Kind.LEFT)
            .column("NODE", Kind.LEFT)
            .column("ERROR", Kind.FLEXIBLE);
    for (Fields attempt : attempts) {
      Instant started = attempt.moment("startedAt");
      Instant finished = attempt.moment("finishedAt");
      table.row(
          Cell.of(String.valueOf(attempt.number("attempt", 0))),
          Cell.of(started == null ? "" : Moments.clock(started, around.zone())),
          Cell.of(
              started == null
                  ? ""
                  : Moments.rough(Duration.between(started, finished == null ? now : finished))),
          new Cell(
              Visible.of(attempt.text("outcome", "running")),
              state -> TaskFacts.paint(state, style)),
          Cell.of(Visible.of(attempt.text("node", ""))),
          Cell.of(Visible.of(attempt.text("error", ""))));
    }
    add(table);
  }

  void story(Fields answer) {
    List<Fields> events = answer.objects("events");
    if (events.isEmpty()) return;
    heading("Story");
    Table table =
        new Table(style)
            .column("AT", Kind.LEFT)
            .column("WHAT", Kind.LEFT)
            .column("TRY", Kind.RIGHT)
            .column("NODE", Kind.LEFT)
            .column("", Kind.FLEXIBLE);
    for (Fields event : events) {
      Instant at = event.moment("at");
      long attempt = event.number("attempt", 0);
      table.row(
          Cell.of(at == null ? "" : Moments.clock(at, around.zone())),
          Cell.of(Visible.of(event.text("type", "?"))),
          Cell.of(attempt == 0 ? "" : String.valueOf(attempt)),
          Cell.of(Visible.of(event.text("node", ""))),
          Cell.of(Visible.of(event.text("text", ""))));
    }
    add(table);
  }

  /** Line by line, so that nothing in it moves the cursor; {@code --output} gives it as it is. */
  void output(@Nullable String output) {
    if (output == null || output.isEmpty()) return;
    heading("Output");
    output.lines().forEach(line -> lines.add("  " + Visible.of(line.replace("\t", "    "))));
  }

  private void add(Table table) {
    List<String> rows = around.terminal() ? table.lines(around.window()) : table.lines();
    for (String row : rows) lines.add(row);
  }
}
