package dev.lanyard.app.client;

import dev.lanyard.app.terminal.FullScreen;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code lanyard top}: the server at a glance, live. */
@Command(
    name = "top",
    description = {
      "Shows the server live: counts, what runs and how long it still may, the queue, the last"
          + " ends.",
      "q quits. With --json: the counts, one line whenever they change."
    })
public final class TopCommand extends ClientCommand {
  private static final int FRAME_MILLISECONDS = 200;
  private static final Duration BETWEEN_LOADS = Duration.ofSeconds(1);

  /** Whoever looks at it decides when to give up. */
  private static final Duration PATIENCE = Duration.ofDays(365);

  /** More rows than a screen has. */
  private static final int LISTED = 200;

  private final TopModel model = new TopModel();
  private final AtomicReference<@Nullable Failure> failed = new AtomicReference<>();

  @Override
  int run(Session session) throws Failure, InterruptedException {
    if (json) return stream(session);
    if (!session.around().terminal()) {
      throw new Failure(
          ExitCode.WRONG_USAGE, "top needs a terminal; for programs there is: lanyard top --json");
    }
    load(
        session, session.context()); // whether there is a server at all is said on the usual screen
    try (CancellableContext working = session.context().withCancel();
        FullScreen screen = FullScreen.open()) {
      Thread feed = start("lanyard-events", working, () -> follow(session, working));
      Thread loader = start("lanyard-lists", working, () -> loadAgain(session, working));
      try {
        draw(session, working, screen);
      } finally {
        working.cancel();
        loader.interrupt();
        feed.interrupt();
      }
    } catch (IOException e) {
      throw new Failure(ExitCode.WRONG_USAGE, "top cannot draw on this terminal");
    }
    Failure failure = failed.get();
    if (failure != null) throw failure;
    session.context().throwIfDone(); // by a signal
    return ExitCode.DONE.number();
  }

  private int stream(Session session) throws Failure, InterruptedException {
    session.json(session.api().get(session.context(), "/api/stats").map());
    new EventFeed(
            session.api(),
            new Query(),
            PATIENCE,
            event -> {
              if (event.type().equals("stats")) session.json(event.data().map());
            })
        .follow(session.context());
    return ExitCode.DONE.number();
  }

  private interface Work {
    void run() throws Failure, InterruptedException;
  }

  private Thread start(String name, CancellableContext working, Work work) {
    return Thread.ofVirtual()
        .name(name)
        .start(() -> {
          try {
            work.run();
          } catch (Failure e) {
            failed.compareAndSet(null, e);
            working.cancel();
          } catch (ContextException | InterruptedException _) {
            // The screen was left.
          }
        });
  }

  private void follow(Session session, Context working) throws Failure, InterruptedException {
    new EventFeed(session.api(), new Query(), PATIENCE, model::on).follow(working);
  }

  private void loadAgain(Session session, Context working) throws Failure, InterruptedException {
    while (true) {
      model.awaitStale();
      try {
        load(session, working);
      } catch (Failure e) {
        // While there is no server the feed says so, and its return makes the lists stale.
        if (e.exitCode() == ExitCode.REFUSED) throw e;
      }
      working.sleep(BETWEEN_LOADS);
    }
  }

  private void load(Session session, Context context) throws Failure, InterruptedException {
    Api api = session.api();
    String running = "/api/tasks" + new Query().with("state", "running").with("limit", LISTED);
    Query waiting = new Query().with("state", "pending,scheduled,retrying").with("order", "urgent");
    Query ended =
        new Query().with("state", "completed,failed,cancelled,timed_out").with("order", "finished");
    model.loaded(
        api.get(context, "/api/stats"),
        api.get(context, running).objects("tasks"),
        api.get(context, "/api/tasks" + waiting.with("limit", LISTED)).objects("tasks"),
        api.get(context, "/api/tasks" + ended.with("limit", TopModel.RECENT)).objects("tasks"));
  }

  private void draw(Session session, Context working, FullScreen screen) throws IOException {
    while (!working.isDone()) {
      int columns = screen.columns();
      int rows = screen.rows();
      TopFrame frame =
          new TopFrame(
              model.view(),
              session.api().server().toString(),
              session.around().now(),
              session.around().zone(),
              session.style(),
              columns,
              rows);
      screen.draw(frame.lines(), columns, rows);
      int key = screen.key(FRAME_MILLISECONDS);
      if (key == 'q' || key == 'Q') return;
      if (key == -1) return; // nobody can type any more: the terminal is gone
    }
  }
}
