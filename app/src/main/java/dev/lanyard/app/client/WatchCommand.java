package dev.lanyard.app.client;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.ContextException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lanyard watch ID}: one task until it ends. */
@Command(
    name = "watch",
    description = {
      "Follows a task until it ends, and ends as it did.",
      "Ctrl+C stops watching; the task goes on."
    })
public final class WatchCommand extends ClientCommand {
  /** A server that restarts is back sooner. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Parameters(paramLabel = "ID", description = "The id of a task, or its beginning.")
  private String id = "";

  @Override
  int run(Session session) throws Failure, InterruptedException {
    Api api = session.api();
    TaskFacts task =
        new TaskFacts(
            TaskId.ask(
                api,
                session.context(),
                id,
                whole -> api.get(session.context(), TaskId.path(whole))));
    try (CancellableContext watching = session.context().withCancel();
        Follower follower = new Follower(session)) {
      Watch watch = new Watch(session, follower, task, watching);
      if (!task.isOver()) watch.follow();
      watch.report();
      return (watch.task.isCompleted() ? ExitCode.DONE : ExitCode.TASK_FAILED).number();
    }
  }

  /** What happens while it is watched; one thread. */
  private final class Watch {
    private final Session session;
    private final Follower follower;
    private final CancellableContext watching;
    private TaskFacts task;
    private boolean told;
    private @Nullable String lastEvent;

    Watch(Session session, Follower follower, TaskFacts task, CancellableContext watching) {
      this.session = session;
      this.follower = follower;
      this.task = task;
      this.watching = watching;
    }

    void follow() throws Failure, InterruptedException {
      String whole = task.id();
      if (!json) follower.notice(task.isRunning() ? null : waitingNotice());
      try {
        new EventFeed(session.api(), new Query().with("task", whole), PATIENCE, this::on)
            .follow(watching);
      } catch (ContextException e) {
        if (!task.isOver()) throw e;
      }
    }

    /** Only the task's own end ends the watching. */
    private void on(ServerEvent event) throws Failure, InterruptedException {
      switch (event.type()) {
        case ServerEvent.LOST ->
            follower.notice("the connection is lost, trying again (Ctrl+C gives up)");
        case ServerEvent.CONNECTED, "reset" -> {
          follower.notice(null);
          look();
        }
        case "task", "progress" -> turn(event);
        default -> {}
      }
    }

    /** What happened while nobody listened is not told again, only where it has led. */
    private void look() throws Failure, InterruptedException {
      task = new TaskFacts(session.api().get(watching, TaskId.path(task.id())));
      if (task.isOver()) watching.cancel();
      else if (!json) {
        if (task.isRunning()) follower.running(task);
        else follower.notice(waitingNotice());
      }
    }

    private void turn(ServerEvent event) throws Failure, InterruptedException {
      Fields data = event.data();
      if (!task.id().equals(data.text("task", ""))) return;
      if (event.id() != null && event.id().equals(lastEvent)) return; // told before the break
      if (event.id() != null) lastEvent = event.id();
      if (json) session.json(Map.of("event", data.map()));
      else {
        if (event.type().equals("task")) follower.notice(null);
        follower.on(data);
      }
      if (!TaskFacts.isOver(data.text("state", ""))) return;
      told = true;
      look();
    }

    private String waitingNotice() {
      return task.name() + " is " + task.state();
    }

    void report() {
      follower.notice(null);
      if (json) session.json(Map.of("task", task.fields().map()));
      else if (!told) follower.line(EventLine.ofEnded(task, session.style()));
    }
  }
}
