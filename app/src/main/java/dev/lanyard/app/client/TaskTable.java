package dev.lanyard.app.client;

import dev.lanyard.app.input.Visible;
import dev.lanyard.app.terminal.Style;
import dev.lanyard.app.terminal.Table;
import dev.lanyard.app.terminal.Table.Cell;
import dev.lanyard.app.terminal.Table.Kind;
import java.time.Instant;
import java.util.List;

/** Tasks, one on each line. */
final class TaskTable {
  private final Table table;
  private final Style style;
  private final Instant now;

  TaskTable(Style style, Instant now) {
    this.style = style;
    this.now = now;
    this.table =
        new Table(style)
            .column("ID", Kind.LEFT)
            .column("STATE", Kind.LEFT)
            .column("PRI", Kind.RIGHT)
            .column("TRY", Kind.RIGHT)
            .column("KIND", Kind.LEFT)
            .column("NAME", Kind.FLEXIBLE)
            .column("WHEN", Kind.LEFT);
  }

  void row(TaskFacts task) {
    table.row(
        Cell.of(Visible.of(task.id())),
        new Cell(Visible.of(task.state()), state -> TaskFacts.paint(state, style)),
        Cell.of(String.valueOf(task.fields().number("priority", 0))),
        Cell.of(task.attempts()),
        Cell.of(task.kind()),
        Cell.of(task.name()),
        Cell.of(task.when(now)));
  }

  List<String> lines(Surroundings around) {
    return around.terminal() ? table.lines(around.window()) : table.lines();
  }
}
