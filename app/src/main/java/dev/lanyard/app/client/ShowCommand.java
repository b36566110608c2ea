package dev.lanyard.app.client;

import dev.lanyard.context.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lanyard show ID}: all that is known of one task. */
@Command(
    name = "show",
    description = "Shows a task: its facts, its tree, its attempts, its story and its output.")
public final class ShowCommand extends ClientCommand {
  @Parameters(paramLabel = "ID", description = "The id of a task, or its beginning.")
  private String id = "";

  @Option(
      names = {"-o", "--output"},
      description = "Only what the command of the task printed, as it is.")
  private boolean outputOnly;

  @Override
  int run(Session session) throws Failure, InterruptedException {
    Api api = session.api();
    Context context = session.context();
    Fields task = TaskId.ask(api, context, id, whole -> api.get(context, TaskId.path(whole)));
    String path = TaskId.path(task.text("id", id));
    if (outputOnly) return output(session, path);
    Fields tree = api.get(context, path + "/tree");
    Fields attempts = api.get(context, path + "/attempts");
    Fields story = api.get(context, path + "/events");
    String output = outputOf(api, context, path);
    if (json) {
      Map<String, @Nullable Object> all = new LinkedHashMap<>();
      all.put("task", task.map());
      all.put("tree", tree.get("tasks"));
      all.put("attempts", attempts.get("attempts"));
      all.put("events", story.get("events"));
      all.put("output", output);
      session.json(all);
    } else {
      TaskPage page = new TaskPage(session.style(), session.around());
      page.facts(new TaskFacts(task));
      page.tree(tree, task.text("id", id));
      page.attempts(attempts);
      page.story(story);
      page.output(output);
      page.lines().forEach(session::line);
    }
    return ExitCode.DONE.number();
  }

  private int output(Session session, String path) throws Failure, InterruptedException {
    String output = session.api().text(session.context(), path + "/output");
    // The last line's own end is that of the line that is printed.
    session.line(output.endsWith("\n") ? output.substring(0, output.length() - 1) : output);
    return ExitCode.DONE.number();
  }

  private static @Nullable String outputOf(Api api, Context context, String path)
      throws Failure, InterruptedException {
    try {
      return api.text(context, path + "/output");
    } catch (Failure e) {
      if (e.status() == 404) return null;
      throw e;
    }
  }
}
