package dev.lanyard.app.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.app.input.Visible;
import dev.lanyard.app.terminal.LiveLines;
import dev.lanyard.app.terminal.Meter;
import dev.lanyard.app.terminal.Style;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.ContextException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows how tasks go on: a line for each turn that they take, and on a terminal a bar for each one
 * that runs. Events may come from any thread.
 */
final class Follower implements AutoCloseable {
  private static final Duration FRAME = Duration.ofMillis(100);

  private static final class Row {
    final String name;
    final @Nullable Instant started;
    @Nullable Instant deadline;
    @Nullable Integer percent;

    Row(String name, @Nullable Instant started, @Nullable Instant deadline) {
      this.name = name;
      this.started = started;
      this.deadline = deadline;
    }
  }

  private final ClientCommand.Session session;
  private final Style style;
  private final CancellableContext drawing;
  private final @Nullable Thread drawer;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<String, Row> running = new LinkedHashMap<>();

  @GuardedBy("lock")
  private List<String> waiting = new ArrayList<>();

  @GuardedBy("lock")
  private @Nullable String notice;

  Follower(ClientCommand.Session session) {
    this.session = session;
    this.style = session.style();
    // Of its own: what runs is taken from the screen also when the command is told to stop.
    this.drawing = session.context().withoutCancel().withCancel();
    this.drawer =
        session.around().terminal()
            ? Thread.ofVirtual().name("lanyard-rows").start(this::drawUntilClosed)
            : null;
  }

  void line(String line) {
    if (drawer == null) {
      session.line(line);
      return;
    }
    synchronized (lock) {
      waiting.add(line);
    }
  }

  /** Stands below the bars; null takes it away. Without a terminal it is a line on its own. */
  void notice(@Nullable String text) {
    synchronized (lock) {
      boolean same = notice == null ? text == null : notice.equals(text);
      notice = text;
      if (same || text == null || drawer != null) return;
    }
    session.err().line(text);
  }

  /** A task that runs already. */
  void running(TaskFacts task) {
    Row row = new Row(task.name(), task.moment("startedAt"), task.moment("deadline"));
    row.percent = task.progress();
    synchronized (lock) {
      running.put(task.id(), row);
    }
  }

  void on(Fields event) {
    synchronized (lock) {
      update(event);
    }
    String line = EventLine.of(event, style);
    if (line == null) return;
    String request = event.text("requestId");
    line(request == null ? line : style.faint("[" + Visible.of(request) + "]") + " " + line);
  }

  @GuardedBy("lock")
  private void update(Fields event) {
    String id = event.text("task", "");
    Row row = running.get(id);
    Number progress = event.number("progress");
    switch (event.text("type", "")) {
      case "started" ->
          running.put(
              id,
              new Row(
                  Visible.of(event.text("name", "?")),
                  event.moment("at"),
                  event.moment("deadline")));
      case "extended" -> {
        if (row != null) row.deadline = event.moment("deadline");
      }
      case "progress" -> {
        if (row != null && progress != null) row.percent = Math.clamp(progress.longValue(), 0, 100);
      }
      case "completed", "failed", "cancelled", "timed_out", "retrying", "lost" ->
          running.remove(id);
      default -> {}
    }
  }

  private void drawUntilClosed() {
    LiveLines screen = new LiveLines(session.around().out(), session.around().window());
    try {
      while (!drawing.isDone()) {
        draw(screen, false);
        pause();
      }
      draw(screen, true);
    } catch (IOException _) {
      // Nobody looks any more.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // nobody interrupts this thread
    }
  }

  private void pause() throws InterruptedException {
    try {
      drawing.sleep(FRAME);
    } catch (ContextException _) {
      // The last frame follows.
    }
  }

  private void draw(LiveLines screen, boolean last) throws IOException {
    List<String> lines;
    List<String> rows;
    synchronized (lock) {
      lines = waiting;
      waiting = new ArrayList<>();
      rows = last ? List.of() : rows(screen.columns(), screen.rows());
    }
    screen.draw(lines, rows);
  }

  @GuardedBy("lock")
  private List<String> rows(int width, int most) {
    Instant now = session.around().now();
    int widest = 1;
    for (Row row : running.values()) widest = Math.max(widest, Meter.columns(row.name));
    int names = Meter.names(widest, width);
    List<String> rows = new ArrayList<>();
    int room = Math.max(1, most - 2);
    for (Row row : running.values()) {
      if (rows.size() == room) {
        rows.add("  … " + (running.size() - room) + " more");
        break;
      }
      rows.add(Meter.row(row.name, names, row.percent, tail(row, now), width, style));
    }
    if (notice != null) rows.add("  " + notice);
    return rows;
  }

  private static String tail(Row row, Instant now) {
    Instant started = row.started;
    if (started == null) return "";
    String spent = Meter.elapsed(Duration.between(started, now));
    Instant deadline = row.deadline;
    return deadline == null
        ? spent
        : spent + " of " + Moments.rough(Duration.between(started, deadline));
  }

  /** Returns when the rows are gone from the screen and all lines are out. */
  @Override
  public void close() {
    drawing.close();
    if (drawer == null) return;
    boolean interrupted = false;
    while (drawer.isAlive()) {
      try {
        drawer.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }
}
