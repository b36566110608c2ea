package dev.lanyard.durable;

import dev.lanyard.context.CancelledException;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import dev.lanyard.tasks.Exec;
import dev.lanyard.tasks.Outcome;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskEvent;
import dev.lanyard.tasks.TaskKind;
import dev.lanyard.tasks.TaskProcessor;
import dev.lanyard.tasks.TaskRef;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs claimed tasks: writes that one starts, lets its handler work on a thread of its own, and
 * writes how it ended.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>A run is in {@code runs} from after its start is in the database until its end is, or until
 *       it was found to be given up. Its worker is busy from before that until its handler has
 *       left.
 *   <li>What a run came to is decided by its context, which ends once: either the handler left
 *       first, and what it returned or threw counts; or the context had ended, and its cause does.
 *       The database has the last word: see {@link Changes}.
 *   <li>The thread that talks to the database never runs a handler, and is never interrupted for
 *       one.
 *   <li>An end is written, and written again while the database cannot be reached, until it is
 *       there or the run was given up; a node that is closed stops trying after a while, and the
 *       lease does the rest.
 * </ol>
 */
final class Runner {
  private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);
  private static final int TRIES_WHEN_CLOSED = 10;

  private final Database database;
  private final DurableSettings settings;
  private final TimeSource time;
  private final String node;
  private final Context root;
  private final Slots slots;
  private final NodeTally tally = new NodeTally();

  /** Two runs of one task may be here: one that was given up and does not know it yet. */
  private final Set<Run> runs = ConcurrentHashMap.newKeySet();

  /** Everybody who was given a claim, until he is done with it; and the node itself. */
  private final Phaser claimed = new Phaser(1);

  private volatile boolean closing;

  Runner(Database database, DurableSettings settings, String node, Context root, Slots slots) {
    this.database = database;
    this.settings = settings;
    this.node = node;
    this.root = root;
    this.slots = slots;
    time = settings.time();
  }

  Slots slots() {
    return slots;
  }

  NodeTally tally() {
    return tally;
  }

  Collection<Run> runs() {
    return runs;
  }

  boolean isRunning(String id) {
    return runs.stream().anyMatch(run -> run.id().equals(id));
  }

  /** A claim has come, and {@link #leave} says that it is dealt with: closing waits for that. */
  void enter() {
    claimed.register();
  }

  void leave() {
    claimed.arriveAndDeregister();
  }

  // ---- From claim to end

  /** On a worker; returns when that is free for another task. */
  void run(Claim claim) {
    Start start;
    try {
      start =
          database
              .journal()
              .write(
                  database.starts(),
                  new Starts.Question(claim, node, settings.maxTimeout().toMillis()));
    } catch (StoreException unreachable) {
      LOG.warn("Task {} could not be started and waits again", claim.id(), unreachable);
      return; // its claim is not renewed any more and is given to whoever comes
    }
    if (start == null) return;
    StoredTask stored = start.task();
    TaskKind<?> kind = Objects.requireNonNull(settings.kinds().get(stored.kind()));
    Task task;
    try {
      task = Run.taskOf(stored, kind);
    } catch (RuntimeException unreadable) {
      fail(claim, start, unreadable);
      return;
    }
    Run run;
    try {
      run = open(claim, start, task);
    } catch (RuntimeException refused) { // whoever makes contexts may throw what he likes
      fail(claim, start, refused);
      return;
    }
    runs.add(run);
    tally.started();
    try {
      tell(new TaskEvent.Started(task, now(), stored.attempt()));
      if (closing) run.scope.cancel(shuttingDown());
      work(run, kind);
    } finally {
      runs.remove(run);
      run.close();
    }
  }

  /** Nothing could be run, and it would be so the next time. */
  private void fail(Claim claim, Start start, RuntimeException failure) {
    var end = new Ends.End(State.Change.FAIL, Texts.failure(failure), null);
    end(new Ends.Question(claim, start, node, end, 0));
  }

  private Run open(Claim claim, Start start, Task task) {
    StoredTask stored = start.task();
    Trace trace = stored.trace();
    Context above = settings.context().apply(root, trace).withValue(Trace.KEY, trace);
    if (trace.requestId() != null) {
      above = above.withValue(TaskProcessor.REQUEST_ID, trace.requestId());
    }
    long deadline = Objects.requireNonNull(stored.deadline()).toEpochMilli();
    Duration remaining = Duration.ofMillis(deadline - database.clock().millis());
    var itself = new CompletableFuture<Run>();
    var run =
        new Run(
            claim, start, task, above, time, remaining, () -> isStillTheDeadline(itself.join()));
    itself.complete(run);
    return run;
  }

  private void work(Run run, TaskKind<?> kind) {
    var attempt = new DurableAttempt(this, run);
    Thread thread =
        Thread.ofVirtual().name("task " + run.id()).unstarted(() -> handle(run, attempt, kind));
    run.thread = thread;
    thread.start();
    var ended = new CompletableFuture<@Nullable Void>();
    try (Registration _ = run.context.onDone(() -> ended.complete(null))) {
      CompletableFuture.anyOf(run.left.exceptionally(_ -> null), ended).join();
    }
    if (!run.left.isDone()) awaitLeaving(run);
    ContextException end = attempt.close();
    run.ending = true;
    if (end == null) settle(run);
    else settle(run, end);
    // A handler that is stuck keeps its worker; nobody waits for it, and its claim is over.
    if (!run.left.isDone()) slots.keep(run.task.kind(), run.left);
  }

  private static void handle(Run run, DurableAttempt attempt, TaskKind<?> kind) {
    try {
      run.left.complete(attempt.handle(kind));
    } catch (Throwable thrown) {
      run.left.completeExceptionally(thrown);
    }
  }

  /** The context has ended, and the handler was interrupted; it may need another push. */
  private void awaitLeaving(Run run) {
    if (hasLeft(run, settings.grace())) return;
    Thread thread = run.thread;
    if (thread != null) thread.interrupt();
    if (isShuttingDown(run) || hasLeft(run, settings.patience())) return;
    StackTraceElement[] stack = thread == null ? new StackTraceElement[0] : thread.getStackTrace();
    tally.stuck();
    LOG.warn(
        "The handler of task {} ({}) does not leave although its context has ended: {}",
        run.id(),
        run.task.kind(),
        stackOf(stack));
    tell(new TaskEvent.Stuck(run.task, now(), List.of(stack)));
    offer(tx -> stuckEvent(tx, run, stack));
  }

  private @Nullable Void stuckEvent(Tx tx, Run run, StackTraceElement[] stack) throws SQLException {
    StoredTask task = run.start.task();
    if (!Look.isRunning(tx, run.start, node)) return null;
    tx.event(
        StoredEvent.Type.STUCK,
        task.id(),
        State.RUNNING,
        task.attempt(),
        node,
        stackOf(stack),
        null);
    return null;
  }

  private static String stackOf(StackTraceElement[] stack) {
    var text = new StringBuilder();
    for (StackTraceElement each : stack) text.append("\n  at ").append(each);
    return text.toString();
  }

  private boolean hasLeft(Run run, Duration patience) {
    var alarm = new CompletableFuture<@Nullable Void>();
    Registration ring =
        time.schedule(time.nanoTime() + patience.toNanos(), () -> alarm.complete(null));
    CompletableFuture.anyOf(run.left.exceptionally(_ -> null), alarm).join();
    ring.stop();
    return run.left.isDone();
  }

  private static boolean isShuttingDown(Run run) {
    return run.context.cause() instanceof ShuttingDownException;
  }

  // ---- Ends

  /** The handler left first. */
  private void settle(Run run) {
    Throwable failure = run.left.isCompletedExceptionally() ? run.left.exceptionNow() : null;
    if (failure == null) {
      complete(run, run.left.resultNow());
      return;
    }
    Duration delay = retryAfter(run, failure);
    String error = Texts.failure(failure);
    if (delay == null) {
      var end = new Ends.End(State.Change.FAIL, error, outputOf(failure));
      finish(run, end, failure, null);
      return;
    }
    StoredTask stored = run.start.task();
    State written =
        persist(
            tx -> ends().retry(tx, run.claim, run.start, node, error, delay.toMillis()), run.id());
    if (written == State.RETRYING) {
      tally.retry();
      tell(new TaskEvent.Retrying(run.task, now(), stored.attempt(), delay, failure));
      alarm(delay);
    } else {
      ended(run, written, failure, null);
    }
  }

  /** Nobody looks between two polls; a retry that is due sooner asks for it. */
  private void alarm(Duration delay) {
    time.schedule(time.nanoTime() + delay.toNanos() + 1_000_000, database::lookForDue);
  }

  private void complete(Run run, @Nullable Object result) {
    String json;
    try {
      json = Codec.writeSome(result);
    } catch (RuntimeException unwritable) {
      String error = "its result is lost: " + Texts.failure(unwritable);
      finish(run, new Ends.End(State.Change.FAIL, error, null), unwritable, null);
      return;
    }
    finish(run, new Ends.End(State.Change.COMPLETE, null, json), null, result);
  }

  /** What a command printed is worth keeping also if it failed. */
  private static @Nullable String outputOf(Throwable failure) {
    return failure instanceof Exec.ExitException exit ? Codec.write(exit.output()) : null;
  }

  /** Null if there is no next attempt in time. */
  private @Nullable Duration retryAfter(Run run, Throwable failure) {
    StoredTask stored = run.start.task();
    if (failure instanceof Error || stored.attempt() >= stored.retry().attempts()) return null;
    Duration delay;
    synchronized (settings.random()) {
      delay = stored.retry().waitAfter(stored.attempt(), settings.random());
    }
    return delay.compareTo(run.clock.context().remaining()) >= 0 ? null : delay;
  }

  /** The context had ended before the handler left. */
  private void settle(Run run, ContextException end) {
    Throwable cause = run.context.cause();
    if (end instanceof DeadlineExceededException) {
      var late = new Ends.End(State.Change.TIME_OUT, "context deadline exceeded", null);
      finish(run, late, end, null);
    } else if (cause instanceof LeaseLostException) {
      tally.leaseLost();
      LOG.warn("Task {} was taken from this node: {}", run.id(), cause.getMessage());
    } else if (cause instanceof CancelRequestedException) {
      String why = Objects.requireNonNullElse(cause.getMessage(), "cancelled");
      finish(run, new Ends.End(State.Change.CANCEL, why, null), end, null);
    } else {
      release(run);
    }
  }

  private void release(Run run) {
    State written =
        persist(
            tx -> ends().release(tx, run.claim, run.start, node, "its node shut down"), run.id());
    if (written == State.PENDING) tally.released();
    else ended(run, written, null, null);
  }

  private void finish(Run run, Ends.End end, @Nullable Throwable failure, @Nullable Object result) {
    var question = new Ends.Question(run.claim, run.start, node, end, run.deadlineMillis());
    ended(run, end(question), failure, result);
  }

  private void ended(
      Run run, @Nullable State written, @Nullable Throwable failure, @Nullable Object result) {
    if (written == null) {
      tally.leaseLost();
      LOG.warn("Task {} had been given to another node: its end here does not count", run.id());
      return;
    }
    if (!written.isTerminal()) return;
    tally.finished(written);
    StoredTask stored = run.start.task();
    Instant started = Objects.requireNonNull(stored.startedAt());
    Outcome outcome = outcome(stored, written, failure, result);
    Duration took = Duration.between(started, database.clock().instant());
    tell(new TaskEvent.Finished(run.task, now(), outcome, stored.attempt(), took));
  }

  private static Outcome outcome(
      StoredTask stored, State written, @Nullable Throwable failure, @Nullable Object result) {
    if (written == State.COMPLETED) return new Outcome.Completed(result);
    if (written == State.FAILED) return new Outcome.Failed(Objects.requireNonNull(failure));
    if (written == State.CANCELLED && failure instanceof CancelledException reason) {
      return new Outcome.Cancelled(reason);
    }
    if (written == State.TIMED_OUT && failure instanceof DeadlineExceededException reason) {
      return new Outcome.TimedOut(reason);
    }
    return Outcomes.of(written, stored);
  }

  private Ends ends() {
    return database.ends();
  }

  private @Nullable State end(Ends.Question question) {
    return written(() -> database.journal().write(ends(), question), question.claim().id());
  }

  private @Nullable State persist(Journal.Change<@Nullable State> change, String id) {
    return written(() -> database.journal().write(change), id);
  }

  /** By invariant 4; null also if the node gave up trying. */
  private @Nullable State written(Supplier<@Nullable State> write, String id) {
    for (int tries = 0; ; tries++) {
      try {
        return write.get();
      } catch (StoreException unreachable) {
        if (tries == 0) LOG.warn("The end of task {} could not be written yet", id, unreachable);
        if (closing && tries >= TRIES_WHEN_CLOSED) return null;
        Feed.sleep(BETWEEN_TRIES);
      }
    }
  }

  private void offer(Journal.Change<@Nullable Void> change) {
    try {
      database
          .journal()
          .offer(change)
          .exceptionally(failed -> {
            LOG.warn("An event could not be written", failed);
            return null;
          });
    } catch (StoreException closed) {
      LOG.debug("An event came too late to be written", closed);
    }
  }

  // ---- What comes from elsewhere

  /** The deadline has come on this machine's clock: is it still the one in the database? */
  private boolean isStillTheDeadline(Run run) {
    if (!run.task.critical()) return true;
    try {
      long expired = run.deadlineMillis();
      Instant moved =
          database
              .journal()
              .write(tx -> Extensions.expire(tx, run.id(), run.number(), node, expired));
      return moved == null || !extended(run, moved);
    } catch (StoreException unreachable) {
      return true; // whoever is to write the end will look once more
    }
  }

  boolean extended(Run run, Instant deadline) {
    Duration fromNow = Duration.between(database.clock().instant(), deadline);
    if (!run.extendTo(deadline, fromNow)) return false;
    tell(new TaskEvent.Extended(run.task, now(), run.clock.context().deadline()));
    return true;
  }

  void cancelled(Run run, Instant at, @Nullable String cause, @Nullable String by) {
    Duration underWay = Duration.between(at, database.clock().instant());
    if (underWay.isNegative()) underWay = Duration.ZERO; // two clocks are never quite the same
    run.scope.cancel(new CancelRequestedException(cause, by, underWay));
  }

  void takenAway(Run run) {
    run.scope.cancel(
        new LeaseLostException("another node has taken the task, for this one was not heard of"));
  }

  // ---- What attempts ask for

  void progressed(Run run, int percent) {
    tell(new TaskEvent.Progressed(run.task, now(), percent));
    database.feed().progressed(run, percent, node, database.clock().instant());
  }

  void extend(Run run, Duration more) {
    StoredTask task = database.journal().write(tx -> Extensions.extendOwn(tx, run, node, more));
    extended(run, Objects.requireNonNull(task.deadline()));
  }

  TaskRef fork(Task child, Run run, Context context) {
    Submission submission = Submission.of(child).in(Trace.of(context));
    database.store().submit(List.of(submission), new Submissions.Forker(run.id(), run.number()));
    return new DurableTaskRef(database.store(), child);
  }

  // ---- The end

  static ShuttingDownException shuttingDown() {
    return new ShuttingDownException("the node shuts down");
  }

  /** Ends the contexts of all runs, and waits until each is written or given up. */
  void close() {
    closing = true;
    for (Run run : runs) run.scope.cancel(shuttingDown());
    claimed.arriveAndAwaitAdvance();
  }

  private Instant now() {
    return time.instant();
  }

  private void tell(TaskEvent event) {
    try {
      settings.listener().accept(event);
    } catch (Throwable thrown) {
      LOG.warn("A listener of tasks failed", thrown);
    }
  }
}
