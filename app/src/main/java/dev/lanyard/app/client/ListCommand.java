package dev.lanyard.app.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lanyard ls}: tasks by what is known of them. */
@Command(name = "ls", description = "Lists tasks, the newest first.")
public final class ListCommand extends ClientCommand {
  private static final int LARGEST_PAGE = 500;

  @Parameters(
      arity = "0..1",
      paramLabel = "TEXT",
      description = "Only tasks with this in their id, name, kind or request id.")
  private @Nullable String text;

  @Option(
      names = {"-s", "--state"},
      paramLabel = "STATE",
      split = ",",
      completionCandidates = States.class,
      description =
          "Only these: scheduled, pending, running, retrying, completed, failed, cancelled, "
              + "timed_out.")
  private List<String> states = new ArrayList<>();

  @Option(names = "--kind", paramLabel = "KIND", description = "Only of this kind.")
  private @Nullable String kind;

  @Option(names = "--name", paramLabel = "NAME", description = "Only with this name.")
  private @Nullable String name;

  @Option(names = "--request", paramLabel = "ID", description = "Only of this request.")
  private @Nullable String request;

  @Option(names = "--parent", paramLabel = "ID", description = "Only the children of this task.")
  private @Nullable String parent;

  @Option(names = "--root", paramLabel = "ID", description = "Only the tree below this task.")
  private @Nullable String root;

  @Option(names = "--node", paramLabel = "ID", description = "Only on this node.")
  private @Nullable String node;

  @Option(
      names = "--order",
      paramLabel = "ORDER",
      completionCandidates = Orders.class,
      description = "newest, urgent, due or finished (default: newest).")
  private @Nullable String order;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      description = "At most so many (default: ${DEFAULT-VALUE}).")
  private int limit = 50;

  @Option(
      names = {"-a", "--all"},
      description = "All of them, however many.")
  private boolean all;

  @Option(names = "--full", description = "With --json: payload and result of each task too.")
  private boolean full;

  @Override
  int run(Session session) throws Failure, InterruptedException {
    if (limit < 1) throw wrongUsage("--limit: expected 1 or more, found " + limit);
    if (order != null) Orders.check(order, this);
    for (String state : states) States.check(state, this);
    long left = all ? Long.MAX_VALUE : limit;
    TaskTable table = new TaskTable(session.style(), session.around().now());
    String cursor = null;
    long shown = 0;
    Fields page;
    do {
      long size = Math.min(left, LARGEST_PAGE);
      page = session.api().get(session.context(), "/api/tasks" + query(size, cursor));
      List<Fields> tasks = page.objects("tasks");
      for (Fields task : tasks) {
        if (json) session.json(task.map());
        else table.row(new TaskFacts(task));
      }
      shown += tasks.size();
      left -= tasks.size();
      String next = page.text("next");
      if (tasks.isEmpty() || next == null || next.equals(cursor)) break;
      cursor = next;
    } while (left > 0);
    if (!json) show(session, table, page, shown);
    return ExitCode.DONE.number();
  }

  private Query query(long size, @Nullable String cursor) {
    return new Query()
        .with("state", states.isEmpty() ? null : String.join(",", states))
        .with("kind", kind)
        .with("name", name)
        .with("request", request)
        .with("parent", parent)
        .with("root", root)
        .with("node", node)
        .with("q", text)
        .with("order", order)
        .with("full", (json && full) ? true : null)
        .with("limit", size)
        .with("cursor", cursor);
  }

  /** What is no task goes to standard error: the lines on standard output can be counted. */
  private static void show(Session session, TaskTable table, Fields page, long shown) {
    if (shown == 0) {
      session.err().line("no tasks");
      return;
    }
    table.lines(session.around()).forEach(session::line);
    long total = page.number("total", shown);
    if (total <= shown) return;
    String more = page.flag("totalIsMore") ? "more than " + total : String.valueOf(total);
    session.err().line(shown + " of " + more + "; --limit N or --all shows more");
  }
}
