package dev.lanyard.app.client;

import dev.lanyard.app.input.Durations;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Deadline;
import dev.lanyard.http.RequestId;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Submits tasks and stays until they have ended. They are bound to the request: when this program
 * goes, however it goes, its connection closes and the server cancels them. The stream of events
 * beside it is for the eye only; without it the outcome is the same.
 */
final class Wait {
  static final String LONGEST = "24h";

  /** The longest wait that the server grants. */
  private static final Duration PIECE = Duration.ofMinutes(5);

  /** A server that restarts is back sooner. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final int STILL_RUNNING = 202;

  private final ClientCommand.Session session;
  private final String request;
  private final Duration time;
  private final boolean json;
  private final boolean quiet;
  private final CountDownLatch listening = new CountDownLatch(1);

  /** Those whose end was told already. */
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  Wait(ClientCommand.Session session, String request, Duration time, boolean json, boolean quiet) {
    this.session = session;
    this.request = request;
    this.time = time;
    this.json = json;
    this.quiet = quiet;
  }

  int submit(Object body, Map<String, String> headers) throws Failure, InterruptedException {
    Api.Answer answer = json || quiet ? post(body, headers) : followed(body, headers);
    List<Fields> tasks = answer.fields().objects("tasks");
    if (json || quiet) SubmitCommand.show(session, answer.fields(), json, quiet);
    Set<String> left = new HashSet<>();
    boolean completed = true;
    for (Fields each : tasks) {
      TaskFacts task = new TaskFacts(each);
      completed &= task.isCompleted();
      if (!task.isOver()) left.add(task.id());
    }
    if (!left.isEmpty() && !json && !quiet) {
      session
          .err()
          .line(
              left.size()
                  + " of "
                  + tasks.size()
                  + " not ended after "
                  + Durations.exact(time)
                  + ", they go on: lanyard ls --request "
                  + request);
    }
    return (completed ? ExitCode.DONE : ExitCode.TASK_FAILED).number();
  }

  /**
   * A longer wait is asked for in pieces. The key makes each piece after the first one find the
   * tasks of the first, and bind them again. A piece that ends early is one that the server ended,
   * because it shuts down: the next one is asked for when it is back.
   */
  private Api.Answer post(Object body, Map<String, String> headers)
      throws Failure, InterruptedException {
    Map<String, String> sent = new LinkedHashMap<>(headers);
    sent.putIfAbsent("Idempotency-Key", RequestId.next());
    Deadline end = Deadline.after(time);
    Duration left = time;
    Deadline lostUntil = Deadline.NONE;
    Api.@Nullable Answer answer = null;
    while (true) {
      Duration piece = left.compareTo(PIECE) < 0 ? left : PIECE;
      Deadline endOfPiece = Deadline.after(piece);
      try {
        String path = "/api/tasks" + new Query().with("wait", Durations.exact(piece));
        answer = session.api().postWaiting(session.context(), path, body, sent, piece);
        lostUntil = Deadline.NONE;
      } catch (Failure e) {
        if (lostUntil.isNone()) lostUntil = Deadline.after(PATIENCE);
        if (answer == null || !mayPass(e) || lostUntil.isPast()) throw e;
      }
      if (answer.status() != STILL_RUNNING || end.isPast()) return answer;
      if (!endOfPiece.isPast()) session.context().sleep(PAUSE);
      left = end.remaining();
      if (!left.isPositive()) return answer;
    }
  }

  /** Of a server that ends, or begins. */
  private static boolean mayPass(Failure failure) {
    return failure.exitCode() == ExitCode.NOT_REACHABLE || failure.status() == 503;
  }

  private Api.Answer followed(Object body, Map<String, String> headers)
      throws Failure, InterruptedException {
    try (Follower follower = new Follower(session);
        CancellableContext following = session.context().withCancel()) {
      Thread feed =
          Thread.ofVirtual().name("lanyard-events").start(() -> follow(following, follower));
      try {
        // Whoever listens first hears all; whoever cannot listen has waited for long enough then.
        boolean _ = listening.await(session.api().timeout().toMillis(), TimeUnit.MILLISECONDS);
        Api.Answer answer = post(body, headers);
        following.cancel();
        feed.join();
        for (Fields each : answer.fields().objects("tasks")) {
          TaskFacts task = new TaskFacts(each);
          if (task.isOver() && !told.contains(task.id())) {
            follower.line(EventLine.ofEnded(task, session.style()));
          }
        }
        return answer;
      } catch (ContextException e) {
        follower.line("🛑 Stopped: the server cancels what was submitted");
        throw e;
      }
    }
  }

  private void follow(Context following, Follower follower) {
    try {
      new EventFeed(
              session.api(),
              new Query().with("request", request),
              time,
              event -> on(event, follower))
          .follow(following);
    } catch (Failure | ContextException _) {
      // The answer tells the rest.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // nobody interrupts this thread
    } finally {
      listening.countDown();
    }
  }

  private void on(ServerEvent event, Follower follower) {
    if (event.type().equals(ServerEvent.CONNECTED)) listening.countDown();
    Fields data = event.data();
    if (!request.equals(data.text("requestId"))) return;
    follower.on(data);
    @Nullable String id = data.text("task");
    if (id != null && TaskFacts.isOver(data.text("type", ""))) told.add(id);
  }
}
