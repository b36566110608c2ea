package dev.lanyard.app.server;

import dev.lanyard.app.input.Order;
import dev.lanyard.app.input.TaskFile;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.Submission;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.durable.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code POST /api/tasks}: accepts tasks, and waits for them if that is wanted. */
final class SubmittingCall implements Routes.Answering {
  /** A connection on which nothing moves is not kept for longer. */
  static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private static final int MOST_TASKS = 10_000;

  private final Plant plant;
  private final TaskStore store;
  private final SubmissionRate rate;
  private final FirstAnswers firstAnswers;
  private final BoundTasks bound;

  SubmittingCall(Plant plant) {
    this.plant = plant;
    this.store = plant.store();
    this.rate = new SubmissionRate(plant.settings().rate());
    this.firstAnswers = new FirstAnswers();
    this.bound = new BoundTasks(store);
  }

  @Override
  public Answer answer(Call call) throws Exception {
    Query query = call.query().only(Set.of("wait"));
    Duration wait = query.duration("wait", LONGEST_WAIT);
    query.check();
    if (plant.readiness().isDraining()) {
      throw Problem.of(503, "the server is shutting down: send it again in a moment")
          .withHeader("Retry-After", "1");
    }
    rate.take();
    String key = call.header("Idempotency-Key");
    FirstAnswers.Accepted accepted =
        key == null
            ? new FirstAnswers.Accepted(submit(call), false)
            : firstAnswers.get(call, key, () -> submit(call));
    Answer answer =
        wait == null
            ? created(current(accepted))
            : awaited(call.context(), current(accepted), wait);
    return accepted.again() ? answer.withHeader("Idempotency-Replayed", "true") : answer;
  }

  private List<StoredTask> current(FirstAnswers.Accepted accepted) {
    if (!accepted.again()) return accepted.tasks();
    List<StoredTask> now = new ArrayList<>();
    for (StoredTask task : accepted.tasks()) now.add(store.find(task.id()).orElse(task));
    return now;
  }

  private static Answer created(List<StoredTask> tasks) {
    Answer answer = Answer.of(201, tasks);
    return tasks.size() == 1
        ? answer.withHeader("Location", "/api/tasks/" + tasks.getFirst().id())
        : answer;
  }

  private List<StoredTask> submit(Call call) throws Exception {
    Duration maxTimeout = plant.settings().maxTimeout();
    List<Order> orders =
        call.read("tasks", (root, problems) -> TaskFile.orders(root, maxTimeout, problems));
    if (orders.size() > MOST_TASKS) {
      throw Problem.of(
          413, "at most " + MOST_TASKS + " tasks at once: send these in several requests");
    }
    List<StoredTask> tasks = plant.processor().submitAll(submissions(call.context(), orders));
    plant.meters().submitted(tasks);
    return tasks;
  }

  private List<Submission> submissions(Context ctx, List<Order> orders) throws Problem {
    Trace trace = Traces.of(ctx);
    Instant now = store.now();
    List<Submission> submissions = new ArrayList<>(orders.size());
    try {
      for (Order order : orders) {
        submissions.add(
            Submission.of(order.task())
                .at(order.terms().due(now))
                .unique(order.terms().unique())
                .in(trace));
      }
    } catch (IllegalArgumentException e) {
      throw Problem.of(422, String.valueOf(e.getMessage()));
    }
    return submissions;
  }

  private Answer awaited(Context request, List<StoredTask> tasks, Duration wait)
      throws InterruptedException {
    boolean ended;
    try {
      ended = bound.await(request, tasks, wait);
    } catch (ContextException left) {
      bound.cancel(request, tasks);
      throw left;
    }
    List<StoredTask> now = new ArrayList<>(tasks.size());
    for (StoredTask task : tasks) now.add(store.find(task.id()).orElse(task));
    return Answer.of(ended ? 200 : 202, now);
  }
}
