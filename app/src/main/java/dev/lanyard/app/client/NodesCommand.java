package dev.lanyard.app.client;

import dev.lanyard.app.input.Visible;
import dev.lanyard.app.terminal.Table;
import dev.lanyard.app.terminal.Table.Cell;
import dev.lanyard.app.terminal.Table.Kind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code lanyard nodes}: the processes that run tasks. */
@Command(name = "nodes", description = "Lists the nodes: the processes that run tasks.")
public final class NodesCommand extends ClientCommand {
  @Override
  int run(Session session) throws Failure, InterruptedException {
    List<Fields> nodes = session.api().get(session.context(), "/api/nodes").objects("nodes");
    if (json) {
      for (Fields node : nodes) session.json(node.map());
      return ExitCode.DONE.number();
    }
    Table table =
        new Table(session.style())
            .column("ID", Kind.LEFT)
            .column("STATE", Kind.LEFT)
            .column("RUNNING", Kind.RIGHT)
            .column("HOST", Kind.FLEXIBLE)
            .column("PID", Kind.RIGHT)
            .column("UP", Kind.RIGHT)
            .column("SEEN", Kind.LEFT)
            .column("VERSION", Kind.LEFT);
    Instant now = session.around().now();
    for (Fields node : nodes) {
      String state = node.text("state", "?");
      table.row(
          Cell.of(Visible.of(node.text("id", "?"))),
          new Cell(
              Visible.of(state), text -> state.equals("lost") ? session.style().bad(text) : text),
          Cell.of(node.number("running", 0) + "/" + node.number("slots", 0)),
          Cell.of(Visible.of(node.text("host", "?"))),
          Cell.of(String.valueOf(node.number("pid", 0))),
          Cell.of(ago(node.moment("startedAt"), now).replace(" ago", "")),
          Cell.of(ago(node.moment("heartbeatAt"), now)),
          Cell.of(Visible.of(node.text("version", "?"))));
    }
    List<String> lines =
        session.around().terminal() ? table.lines(session.around().window()) : table.lines();
    lines.forEach(session::line);
    return ExitCode.DONE.number();
  }

  private static String ago(@Nullable Instant moment, Instant now) {
    return moment == null ? "?" : Moments.show(moment, now);
  }
}
