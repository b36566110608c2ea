package dev.lanyard.app.client;

import dev.lanyard.app.input.Visible;
import dev.lanyard.app.terminal.Meter;
import dev.lanyard.app.terminal.Style;
import dev.lanyard.app.terminal.Table;
import dev.lanyard.app.terminal.Table.Cell;
import dev.lanyard.app.terminal.Table.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One frame of {@code top}: exactly as many lines as there are rows, none wider than the rest. */
record TopFrame(
    TopModel.View view,
    String server,
    Instant now,
    ZoneId zone,
    Style style,
    int width,
    int height) {
  private static final int FIXED = 6; // title, two of counts, three headings
  private static final int SHORTEST = 10;

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(title());
    lines.add(counts());
    lines.add(Meter.fit(rates(), width));
    int room = height - FIXED - 1;
    int running = Math.min(view.running().size(), Math.max(1, room / 2));
    int queue = Math.min(view.queue().size(), Math.max(1, (room - running) / 2));
    int recent = Math.max(0, room - running - queue);
    if (height >= SHORTEST) {
      heading(lines, "RUNNING", view.running().size(), running, stats("running"));
      for (TaskFacts task : view.running().subList(0, running)) lines.add(row(task));
      heading(lines, "QUEUE", view.queue().size(), queue, queued());
      lines.addAll(queue(view.queue().subList(0, queue)));
      lines.add(style.faint(Meter.fit("RECENT", width)));
      lines.addAll(recent(recent));
    }
    while (lines.size() < height - 1) lines.add("");
    List<String> frame = new ArrayList<>(lines.subList(0, Math.max(0, height - 1)));
    frame.add(style.faint(Meter.fit("q quits · lanyard cancel ID · lanyard show ID", width)));
    return frame;
  }

  private String title() {
    String clock = Moments.clock(now, zone).substring(0, 8);
    String paused = view.stats().flag("paused") ? "  PAUSED (lanyard resume)" : "";
    String notice = view.notice() == null ? "" : "  " + view.notice() + " …";
    String text =
        clock
            + "  "
            + server
            + "  "
            + Visible.of(view.stats().text("version", ""))
            + " "
            + Visible.of(view.stats().text("store", ""));
    String alarm = Meter.fit(paused + notice, width);
    return Meter.fit(text, Math.max(0, width - Meter.columns(alarm))) + style.bad(alarm);
  }

  private long stats(String state) {
    return view.stats().object("states").number(state, 0);
  }

  private long queued() {
    return stats("pending") + stats("scheduled") + stats("retrying");
  }

  private String counts() {
    StringBuilder line = new StringBuilder();
    int used = 0;
    for (String state : States.ALL) {
      String text = state + " " + stats(state);
      int columns = Meter.columns(text) + (used == 0 ? 0 : 2);
      if (used + columns > width) break;
      if (used > 0) line.append("  ");
      used += columns;
      boolean bad = (state.equals("failed") || state.equals("timed_out")) && stats(state) > 0;
      line.append(stats(state) == 0 ? style.faint(text) : bad ? style.bad(text) : text);
    }
    return line.toString();
  }

  private String rates() {
    Fields stats = view.stats();
    Number oldest = stats.number("oldestPendingMs");
    return "slots "
        + stats.number("running", 0)
        + "/"
        + stats.number("slots", 0)
        + "  "
        + StatsCommand.throughput(stats)
        + "  "
        + StatsCommand.latency(stats)
        + (oldest == null
            ? ""
            : "  oldest waits " + Moments.rough(Duration.ofMillis(oldest.longValue())));
  }

  private void heading(List<String> lines, String name, int known, int shown, long total) {
    long all = Math.max(known, total);
    String more = all > shown ? " (" + shown + " of " + all + ")" : "";
    lines.add(style.faint(Meter.fit(name + more, width)));
  }

  /** The id stands first: it is what is typed next, and so it is never cut. */
  private String row(TaskFacts task) {
    String id = Visible.of(task.id());
    int widest = 1;
    int ids = 1;
    for (TaskFacts each : view.running()) {
      widest = Math.max(widest, Meter.columns(each.name()));
      ids = Math.max(ids, Meter.columns(Visible.of(each.id())));
    }
    id += " ".repeat(ids - Meter.columns(id));
    int left = width - ids;
    if (left < 12) return id.stripTrailing();
    return id
        + Meter.row(
            task.name(), Meter.names(widest, left), task.progress(), time(task), left, style);
  }

  private String time(TaskFacts task) {
    Instant started = task.moment("startedAt");
    Instant deadline = task.moment("deadline");
    String spent = started == null ? "" : Meter.elapsed(Duration.between(started, now));
    if (task.moment("cancelRequestedAt") != null) return spent + ", stopping";
    if (deadline == null) return spent;
    Duration left = Duration.between(now, deadline);
    return spent + ", " + (left.isNegative() ? "late" : Meter.elapsed(left) + " left");
  }

  private List<String> queue(List<TaskFacts> tasks) {
    if (tasks.isEmpty()) return List.of();
    Table table =
        new Table(style)
            .column("", Kind.LEFT)
            .column("", Kind.FLEXIBLE)
            .column("", Kind.RIGHT)
            .column("", Kind.FLEXIBLE);
    for (TaskFacts task : tasks) {
      table.row(
          Cell.of(Visible.of(task.id())),
          Cell.of(task.name()),
          Cell.of(String.format(Locale.ROOT, "pri %d", task.fields().number("priority", 0))),
          Cell.of(task.when(now)));
    }
    List<String> lines = table.lines(width);
    return lines.subList(1, lines.size());
  }

  private List<String> recent(int room) {
    List<TaskFacts> ends = view.recent().subList(0, Math.min(room, view.recent().size()));
    if (ends.isEmpty()) return List.of();
    Table table =
        new Table(style)
            .column("", Kind.LEFT)
            .column("", Kind.LEFT)
            .column("", Kind.FLEXIBLE)
            .column("", Kind.LEFT)
            .column("", Kind.FLEXIBLE);
    for (TaskFacts end : ends) {
      String error = end.fields().text("error", "");
      table.row(
          Cell.of(Visible.of(end.id())),
          new Cell(Visible.of(end.state()), state -> TaskFacts.paint(state, style)),
          Cell.of(end.name()),
          Cell.of(end.when(now)),
          Cell.of(Visible.of(error)));
    }
    List<String> lines = table.lines(width);
    return lines.subList(1, lines.size());
  }
}
