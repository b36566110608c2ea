package dev.lanyard.app.client;

import dev.lanyard.app.input.DurationConverter;
import dev.lanyard.app.input.Durations;
import dev.lanyard.app.input.Visible;
import dev.lanyard.context.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lanyard extend ID BY}: more time for a critical task that runs. */
@Command(name = "extend", description = "Gives a running task more time, if it is critical.")
public final class ExtendCommand extends ClientCommand {
  @Parameters(index = "0", paramLabel = "ID", description = "The id of a task, or its beginning.")
  private String id = "";

  @Parameters(
      index = "1",
      paramLabel = "BY",
      converter = DurationConverter.class,
      description = "How much later its deadline is, such as 30s.")
  private Duration by = Duration.ZERO;

  @Override
  int run(Session session) throws Failure, InterruptedException {
    if (!by.isPositive()) throw wrongUsage("BY: expected more than zero, found 0");
    Api api = session.api();
    Context context = session.context();
    Map<String, Object> body = Map.of("by", Durations.exact(by));
    Fields answer =
        TaskId.ask(
            api, context, id, whole -> api.post(context, TaskId.path(whole) + "/extend", body));
    if (json) {
      session.json(answer.map());
      return ExitCode.DONE.number();
    }
    TaskFacts task = new TaskFacts(answer);
    Instant deadline = task.moment("deadline");
    session.line(
        "extended "
            + Visible.of(task.id())
            + "  "
            + task.name()
            + (deadline == null
                ? ""
                : ": its deadline is " + Moments.show(deadline, session.around().now())));
    return ExitCode.DONE.number();
  }
}
