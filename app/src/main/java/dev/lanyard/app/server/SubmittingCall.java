package dev.lanyard.app.server;

import dev.lanyard.app.input.Order;
import dev.lanyard.app.input.TaskFile;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.durable.Receipt;
import dev.lanyard.durable.StoreException;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.Submission;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.durable.Trace;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** {@code POST /api/tasks}: accepts tasks, and waits for them if that is wanted. */
final class SubmittingCall implements Routes.Answering {
  private static final System.Logger LOG = System.getLogger(SubmittingCall.class.getName());

  /** A connection on which nothing moves is not kept for longer. */
  static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private static final int MOST_TASKS = 10_000;
  private static final int LONGEST_KEY = 255;

  private final Plant plant;
  private final TaskStore store;
  private final SubmissionRate rate;
  private final BoundTasks bound;

  SubmittingCall(Plant plant) {
    this.plant = plant;
    this.store = plant.store();
    this.rate = new SubmissionRate(plant.settings().rate());
    this.bound = new BoundTasks(store);
  }

  @Override
  public Answer answer(Call call) throws Exception {
    Query query = call.query();
    Duration wait = query.duration("wait", LONGEST_WAIT);
    query.check();
    if (plant.readiness().isDraining()) {
      throw Problem.of(503, "the server is shutting down: send it again in a moment")
          .withHeader("Retry-After", "1");
    }
    rate.take();
    String key = call.header("Idempotency-Key");
    List<Submission> submissions = submissions(call);
    Receipt receipt =
        key == null
            ? new Receipt("", store.submitAll(submissions), false)
            : once(call, key, submissions);
    if (!receipt.again()) plant.meters().submitted(receipt.tasks());
    List<StoredTask> tasks = receipt.tasks();
    Answer answer = wait == null ? created(tasks) : awaited(call.context(), tasks, wait);
    return receipt.again() ? answer.withHeader("Idempotency-Replayed", "true") : answer;
  }

  private Receipt once(Call call, String key, List<Submission> submissions)
      throws IOException, Problem {
    if (key.isBlank() || key.length() > LONGEST_KEY) {
      throw Problem.of(400, "an Idempotency-Key has 1 to " + LONGEST_KEY + " letters");
    }
    String fingerprint = fingerprint(call.body());
    Receipt receipt = store.submitOnce(key, fingerprint, submissions);
    if (receipt.fingerprint().equals(fingerprint)) return receipt;
    throw Problem.of(
        422,
        "idempotency-key",
        "this Idempotency-Key was used for another body: take a new key for a new request",
        List.of());
  }

  private static String fingerprint(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }

  private static Answer created(List<StoredTask> tasks) {
    Answer answer = Answer.of(201, tasks);
    return tasks.size() == 1
        ? answer.withHeader("Location", "/api/tasks/" + tasks.getFirst().id())
        : answer;
  }

  private List<Submission> submissions(Call call) throws IOException, Problem {
    Duration maxTimeout = plant.settings().maxTimeout();
    List<Order> orders =
        call.read("tasks", (root, problems) -> TaskFile.orders(root, maxTimeout, problems));
    if (orders.size() > MOST_TASKS) {
      throw Problem.of(
          413, "at most " + MOST_TASKS + " tasks at once: send these in several requests");
    }
    List<Submission> submissions = submissions(call.context(), orders);
    for (Submission submission : submissions) plant.processor().check(submission);
    return submissions;
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

  /** They are accepted, whatever becomes of the wait: a failure must not sound like a refusal. */
  private Answer awaited(Context request, List<StoredTask> tasks, Duration wait)
      throws InterruptedException {
    try {
      List<StoredTask> ended = bound.await(request, tasks, wait);
      if (ended.size() == tasks.size()) return Answer.of(200, ended);
      List<StoredTask> now = new ArrayList<>(ended);
      for (StoredTask task : tasks.subList(ended.size(), tasks.size())) {
        now.add(store.find(task.id()).orElse(task));
      }
      return Answer.of(202, now);
    } catch (ContextException left) {
      bound.cancel(request, tasks);
      throw left;
    } catch (StoreException failure) {
      plant.meters().databaseFailed();
      LOG.log(Level.WARNING, "the database failed while tasks were waited for", failure);
      if (BoundTasks.hasLeft(request)) bound.cancel(request, tasks);
      return Answer.of(202, tasks);
    }
  }
}
