package dev.lanyard.app.client;

import dev.lanyard.app.input.Visible;
import dev.lanyard.context.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What is done to tasks named by their ids, or to all that a filter finds. */
abstract class BulkCommand extends ClientCommand {
  /** The server takes no longer, however many there are. */
  private static final Duration LONGEST = Duration.ofMinutes(6);

  @Parameters(
      paramLabel = "ID",
      arity = "0..*",
      description = "The ids of tasks, or their beginnings.")
  private List<String> ids = new ArrayList<>();

  @Mixin private Filter filter = new Filter();

  /** As the API calls it: the last part of its path. */
  abstract String verb();

  /** The field of the answer that counts, and what people read. */
  abstract String done();

  /** The states to which it can be done. */
  abstract List<String> states();

  /** What is sent besides the filter. */
  Map<String, Object> details() {
    return Map.of();
  }

  @Override
  final int run(Session session) throws Failure, InterruptedException {
    filter.check(this, !ids.isEmpty());
    if (ids.isEmpty()) return many(session);
    int worst = ExitCode.DONE.number();
    for (String id : ids) worst = Math.max(worst, one(session, id));
    return worst;
  }

  /** One that is refused is no reason to leave the others alone. */
  private int one(Session session, String id) throws Failure, InterruptedException {
    Api api = session.api();
    Context context = session.context();
    try {
      Fields task =
          TaskId.ask(
              api,
              context,
              id,
              whole -> api.post(context, TaskId.path(whole) + "/" + verb(), details()));
      if (json) session.json(task.map());
      else session.line(line(new TaskFacts(task)));
      return ExitCode.DONE.number();
    } catch (Failure e) {
      if (e.exitCode() == ExitCode.NOT_REACHABLE) throw e;
      tell(e, session.err());
      return e.exitCode().number();
    }
  }

  private String line(TaskFacts task) {
    String state = task.isOver() || verb().equals("retry") ? "" : " (it is stopping)";
    return done() + " " + Visible.of(task.id()) + "  " + task.name() + state;
  }

  private int many(Session session) throws Failure, InterruptedException {
    Context context = session.context();
    if (filter.isDryRun()) {
      Fields answer = session.api().get(context, "/api/tasks" + filter.query(states()));
      long total = answer.number("total", 0);
      if (json) session.json(Map.of("would", verb(), "tasks", total));
      else
        session.line(
            "would "
                + verb()
                + " "
                + tasks(total)
                + (answer.flag("totalIsMore") ? " or more" : ""));
      return ExitCode.DONE.number();
    }
    Map<String, Object> body = new LinkedHashMap<>(filter.body());
    body.putAll(details());
    Fields answer =
        session
            .api()
            .postWaiting(context, "/api/tasks/" + verb(), body, Map.of(), LONGEST)
            .fields();
    if (json) session.json(answer.map());
    else session.line(done() + " " + tasks(answer.number(counted(), 0)));
    return ExitCode.DONE.number();
  }

  abstract String counted();

  private static String tasks(long count) {
    return count == 1 ? "1 task" : count + " tasks";
  }
}
