package dev.lanyard.app.terminal;

import dev.lanyard.app.input.Durations;
import dev.lanyard.app.input.Visible;
import dev.lanyard.context.Deadline;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bars of the running tasks at the bottom of a terminal, with the lines scrolling by above
 * them. Each frame draws everything anew from the start of its first row, so whatever else was
 * written there (the {@code ^C} of the terminal) is gone with the next one.
 */
public final class Bars {
  private static final String ERASE_LINE = "\033[K";
  private static final String ERASE_BELOW = "\033[J";

  /** What keeps a row from the edge: some terminals wrap in the last column. */
  private static final int MARGIN = 2;

  private static final int LONGEST_BAR = 30;
  private static final int SHORTEST_BAR = 8;

  private static final class Row {
    final Task task;
    Deadline deadline;
    Duration allowed;
    int percent = -1;

    Row(Task task) {
      this.task = task;
      this.allowed = task.timeout();
      this.deadline = Deadline.after(allowed);
    }
  }

  private final Window window;
  private final Style style;
  private final Map<String, Row> running = new LinkedHashMap<>();
  private int waiting;
  private int ended;
  private int drawn;

  public Bars(Window window, Style style) {
    this.window = window;
    this.style = style;
  }

  public synchronized void on(TaskEvent event) {
    Task task = event.task();
    switch (event) {
      case TaskEvent.Queued _ -> waiting++;
      case TaskEvent.Started started -> {
        if (started.attempt() == 1) waiting--;
        Row row = running.computeIfAbsent(task.id(), _ -> new Row(task));
        row.percent = -1;
      }
      case TaskEvent.Progressed progressed -> {
        Row row = running.get(task.id());
        if (row != null) row.percent = progressed.percent();
      }
      case TaskEvent.Extended extended -> {
        Row row = running.get(task.id());
        if (row != null) {
          row.allowed =
              row.allowed.plus(extended.deadline().remaining().minus(row.deadline.remaining()));
          row.deadline = extended.deadline();
        }
      }
      case TaskEvent.Retrying _, TaskEvent.Stuck _ -> {}
      case TaskEvent.Finished finished -> {
        if (!finished.started()) waiting--;
        running.remove(task.id());
        ended++;
      }
    }
  }

  /** The lines, and the bars below them, in place of the frame before. */
  public synchronized String frame(String lines) {
    StringBuilder frame = start(lines);
    List<String> rows = rows();
    drawn = rows.size();
    frame.append(String.join(ERASE_LINE + "\n", rows)).append(ERASE_BELOW);
    return frame.toString();
  }

  /** The lines in place of the frame before, and nothing below them. */
  public synchronized String lastFrame(String lines) {
    String frame = start(lines).append(ERASE_BELOW).toString();
    drawn = 0;
    return frame;
  }

  private StringBuilder start(String lines) {
    StringBuilder frame = new StringBuilder("\r");
    if (drawn > 1) frame.append("\033[").append(drawn - 1).append('A');
    return frame.append(lines.replace("\n", ERASE_LINE + "\n"));
  }

  private List<String> rows() {
    if (running.isEmpty()) return List.of();
    int width = Math.max(1, window.columns() - MARGIN);
    int most = Math.max(1, window.rows() - 3);
    int shown = running.size() <= most ? running.size() : most - 1;
    List<Row> visible = running.values().stream().limit(shown).toList();
    int names = 1;
    for (Row row : visible) names = Math.max(names, Columns.of(Visible.of(row.task.name())));
    names = Math.clamp(names, 1, Math.max(1, width * 2 / 5));
    List<String> rows = new ArrayList<>();
    for (Row row : visible) rows.add(row(row, names, width));
    String more = shown < running.size() ? running.size() - shown + " more of " : "";
    rows.add(
        Columns.cut(
            "  " + more + running.size() + " running, " + waiting + " waiting, " + ended + " ended",
            width));
    return rows;
  }

  private String row(Row row, int names, int width) {
    String name = Columns.pad(Columns.cut(Visible.of(row.task.name()), names), names);
    String percent = row.percent < 0 ? "    " : String.format("%3d%%", row.percent);
    Duration spent = row.allowed.minus(row.deadline.remaining());
    String time = elapsed(spent.isNegative() ? Duration.ZERO : spent);
    String tail = " " + percent + "  " + time + " of " + Durations.exact(row.allowed);
    int room = Math.min(LONGEST_BAR, width - names - Columns.of(tail) - 4);
    if (room < SHORTEST_BAR) return Columns.cut("  " + name + tail, width);
    int full = Math.max(0, row.percent) * room / 100;
    return "  "
        + name
        + "  "
        + style.good("━".repeat(full))
        + style.faint("─".repeat(room - full))
        + tail;
  }

  /** In tenths of a second, so that the digits before the point do not jump about. */
  private static String elapsed(Duration spent) {
    if (spent.toMinutes() > 0) return Durations.show(spent);
    return spent.toSeconds() + "." + spent.toMillisPart() / 100 + "s";
  }
}
