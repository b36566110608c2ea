package dev.lanyard.durable;

import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Registration;
import dev.lanyard.tasks.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a {@link Database}, seen from anywhere: no node needs to run here. What a method
 * returns from was written for good; if it throws {@link RefusedException}, nothing was changed,
 * and the exception says why by {@link RefusedException#reason()}.
 *
 * @since 0.1
 */
public final class TaskStore {
  private static final int STEP = 200;
  private static final int TRIES = 3;

  private final Database database;

  TaskStore(Database database) {
    this.database = database;
  }

  // ---- Submitting

  /**
   * Accepts a task.
   *
   * @param submission what to do
   * @return the task, waiting
   * @throws RefusedException DUPLICATE_ID, DUPLICATE_KEY, PARENT_UNKNOWN, PARENT_ENDED, TOO_DEEP
   * @throws IllegalArgumentException if the payload cannot be written as JSON
   */
  public StoredTask submit(Submission submission) {
    return submitAll(List.of(submission)).getFirst();
  }

  /**
   * Accepts all tasks or none, in one transaction. A parent must come before its children.
   *
   * @param submissions what to do
   * @return the tasks, in the same order
   * @throws RefusedException for the first that is not acceptable, as {@link #submit(Submission)}
   */
  public List<StoredTask> submitAll(List<Submission> submissions) {
    return submit(List.copyOf(submissions), (Submissions.Forker) null);
  }

  /**
   * Accepts all tasks or none, once for a key: who does not know whether that went well, because
   * the connection or the process broke, says it again. Keys are known for 24 hours.
   *
   * @param key of the caller's choice, 1 to 255 letters
   * @param fingerprint tells what is submitted from anything else, such as a digest of it, up to
   *     100 letters
   * @param submissions what to do
   * @return the tasks that were accepted with this key, now or before
   * @throws RefusedException for the first that is not acceptable, as {@link #submit(Submission)};
   *     the key is then free
   * @throws IllegalArgumentException if there are no tasks, or the key or the fingerprint is empty
   *     or too long
   */
  public Receipt submitOnce(String key, String fingerprint, List<Submission> submissions) {
    List<Submission> all = List.copyOf(submissions);
    if (all.isEmpty()) throw new IllegalArgumentException("there are no tasks to submit once");
    length("key", key, 255);
    length("fingerprint", fingerprint, 100);
    List<String> payloads = Submissions.payloads(all);
    var keys = new SubmissionKeys(database.submissions());
    return database.journal().write(tx -> keys.submit(tx, key, fingerprint, all, payloads));
  }

  private static void length(String what, String text, int most) {
    if (!text.isEmpty() && text.length() <= most) return;
    throw new IllegalArgumentException(
        "the " + what + " must have 1 to " + most + " letters, and has " + text.length());
  }

  /**
   * Accepts all tasks or none inside a transaction of the caller: they exist if he commits. The
   * connection must be one to this very database, with auto-commit off. Nodes find the tasks when
   * they look, within {@link DurableSettings#poll()} after the commit, and on PostgreSQL at once.
   * On SQLite the caller's transaction is in the way of everything that is written meanwhile: it
   * should be short.
   *
   * @param connection in a transaction
   * @param submissions what to do
   * @return the tasks, in the same order
   * @throws RefusedException as {@link #submitAll}; the transaction can go on
   * @throws IllegalArgumentException if the connection commits by itself
   */
  public List<StoredTask> submit(Connection connection, List<Submission> submissions) {
    Objects.requireNonNull(connection, "there is no connection to submit in");
    List<Submission> all = List.copyOf(submissions);
    List<String> payloads = Submissions.payloads(all);
    try {
      if (connection.getAutoCommit()) {
        throw new IllegalArgumentException(
            "the connection commits by itself: call setAutoCommit(false) and begin a transaction");
      }
      return inTransactionOf(connection, tx -> database.submissions().add(tx, all, payloads, null));
    } catch (SQLException failed) {
      throw new StoreException("the tasks could not be submitted: " + failed.getMessage(), failed);
    }
  }

  // ---- Looking

  /**
   * A task.
   *
   * @param id its id
   * @return empty if there is none, or it is no longer kept
   */
  public Optional<StoredTask> find(String id) {
    return database.queries().find(id(id));
  }

  /**
   * A part of a list of tasks, without payloads and results.
   *
   * @param filter which
   * @param order in which order
   * @param cursor where the part before ended, see {@link TaskPage#next()}; null for the beginning
   * @param limit how many at most, from 1 to 1000
   * @return the tasks
   * @throws IllegalArgumentException if the cursor is none of this order
   */
  public TaskPage list(TaskFilter filter, TaskOrder order, @Nullable String cursor, int limit) {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException("a page has 1 to 1000 tasks, not " + limit);
    }
    return database.queries().list(filter, order, cursor, limit);
  }

  /**
   * How many tasks there are, counted up to a limit.
   *
   * @param filter which
   * @param limit where to stop counting
   * @return at most the limit
   */
  public long count(TaskFilter filter, long limit) {
    return database.queries().count(filter, limit);
  }

  /**
   * The whole tree that a task belongs to, each task after its parent, without payloads and
   * results.
   *
   * @param id of any task in it
   * @param limit how many at most
   * @return the top first; empty if there is no such task
   */
  public List<StoredTask> tree(String id, int limit) {
    return database.queries().tree(id(id), limit);
  }

  /**
   * What happened to a task.
   *
   * @param id its id
   * @return oldest first; empty if there is no such task
   */
  public List<StoredEvent> story(String id) {
    return database.queries().story(id(id));
  }

  /**
   * How many tasks are in each state.
   *
   * @return a snapshot
   */
  public Counts counts() {
    return database.queries().counts();
  }

  /**
   * Since when the task has been due that has waited longest for a worker.
   *
   * @return empty if none waits
   */
  public Optional<Instant> oldestPending() {
    return database.queries().oldestPending();
  }

  /**
   * The nodes: those that run, and those that were lost within the last day.
   *
   * @return by their start
   */
  public List<Node> nodes() {
    return database.queries().nodes(database.clock().millis(), paused());
  }

  /**
   * What happened in the last spans of time, from what is kept of it.
   *
   * @param step how long a span is, at least a second
   * @param points how many spans, 1 to 1000
   * @return oldest first; the last one ends now
   */
  public List<SeriesPoint> series(Duration step, int points) {
    if (step.toMillis() < 1_000 || points < 1 || points > 1_000) {
      throw new IllegalArgumentException(
          "a series has 1 to 1000 spans of a second or more, not " + points + " of " + step);
    }
    long now = database.clock().millis();
    return database.queries().read(session -> Series.of(session, now, step, points));
  }

  /**
   * The time on the clock that the moments of tasks are taken from.
   *
   * @return now
   */
  public Instant now() {
    return database.clock().instant();
  }

  // ---- Steering

  /**
   * Cancels a task and everything below it. What waits is cancelled when this returns; what runs is
   * told on its node, and ends as cancelled whatever its handler makes of it, also if the node
   * dies.
   *
   * @param id its id
   * @param cancellation why
   * @return the task as it stands now
   * @throws RefusedException UNKNOWN_TASK, ENDED
   */
  public StoredTask cancel(String id, Cancellation cancellation) {
    Objects.requireNonNull(cancellation, "say why to cancel; withoutCause() for no cause");
    return database.journal().write(tx -> Cancels.cancel(tx, id(id), cancellation));
  }

  /**
   * Cancels all tasks that have not ended and that a filter lets through, each with everything
   * below it. Not one transaction: those that were cancelled stay so if it fails half-way.
   *
   * @param filter which
   * @param cancellation why
   * @return how many tasks were cancelled or told to end
   */
  public int cancelAll(TaskFilter filter, Cancellation cancellation) {
    Objects.requireNonNull(cancellation, "say why to cancel; withoutCause() for no cause");
    return forAll(
        filter,
        Guard.LIVE + " and cancel_requested_at is null",
        (tx, id) -> Cancels.cancelFound(tx, id, cancellation));
  }

  /**
   * Moves the deadline of a critical task that runs. If this returns before the deadline, the task
   * does not time out at the old one.
   *
   * @param id its id
   * @param by how much later
   * @param who asks; null if nobody is named
   * @return the task with its new deadline
   * @throws RefusedException UNKNOWN_TASK, ENDED, NOT_CRITICAL, NOT_RUNNING (also when its deadline
   *     has passed or it is being cancelled), BEYOND_LIMIT
   */
  public StoredTask extend(String id, Duration by, @Nullable String who) {
    if (!by.isPositive()) {
      throw new IllegalArgumentException("a deadline is moved later, not by " + by);
    }
    return database.journal().write(tx -> Extensions.extend(tx, id(id), by, who));
  }

  /**
   * Gives a task that failed, timed out or was cancelled another life under the same id: it waits
   * for a worker, and its attempts are counted anew. Only this one: not what is below it.
   *
   * @param id its id
   * @return the task, waiting
   * @throws RefusedException UNKNOWN_TASK; NOT_RUN_AGAIN if it completed or has not ended;
   *     PARENT_ENDED if it has a parent that did not complete and does not run; DUPLICATE_KEY
   */
  public StoredTask rerun(String id) {
    return database.journal().write(tx -> database.reruns().rerun(tx, id(id)));
  }

  /**
   * Gives another life to all tasks that failed, timed out or were cancelled and that a filter lets
   * through; those that would be refused are left out.
   *
   * @param filter which
   * @return how many
   */
  public int rerunAll(TaskFilter filter) {
    return forAll(
        filter,
        "state in ('FAILED', 'CANCELLED', 'TIMED_OUT')",
        (tx, id) -> database.reruns().rerunFound(tx, id));
  }

  /**
   * No node takes a task until {@link #resume()}; a node hears of it within {@link
   * DurableSettings#signalPoll()}. What runs goes on.
   */
  public void pause() {
    pause(true);
  }

  /** Ends a pause. */
  public void resume() {
    pause(false);
  }

  /**
   * Whether nodes take no tasks.
   *
   * @return true after {@link #pause()}
   */
  public boolean paused() {
    return database.queries().paused();
  }

  // ---- Following

  /**
   * Waits until a task has ended, wherever it runs. Called by a handler, this lends the handler's
   * worker to other tasks meanwhile.
   *
   * @param context whose end ends the wait
   * @param id of the task
   * @return how it ended
   * @throws ContextException as soon as the context is done; the task goes on
   * @throws RefusedException UNKNOWN_TASK
   * @throws InterruptedException if this thread is interrupted first
   */
  public StoredTask await(Context context, String id) throws InterruptedException {
    Objects.requireNonNull(context, "say in which context to wait");
    DurableAttempt attempt = context.value(DurableAttempt.RUNNING);
    if (attempt == null) attempt = Context.current().value(DurableAttempt.RUNNING);
    CompletableFuture<StoredTask> ended = ended(id);
    if (attempt == null || ended.isDone()) return awaited(context, ended);
    return attempt.lending(() -> awaited(context, ended));
  }

  /**
   * Tells a listener of every event after a known one, in the order of their ids as long as no
   * transaction of a caller takes longer than a second, each once. It is called on one thread, a
   * virtual one; while it works, events wait in the database. Progress is told if it is less than a
   * few seconds old. What it throws is logged.
   *
   * @param afterEvent the id of the last event that is known; {@link #lastEvent()} to begin now
   * @param listener is told
   * @return stops it
   */
  public Registration listen(long afterEvent, Consumer<StoredEvent> listener) {
    Objects.requireNonNull(listener, "there is no listener");
    return database.feed().listen(afterEvent, listener);
  }

  /**
   * Events after a known one.
   *
   * @param id of the last one that is known; 0 to begin with the oldest
   * @param limit how many at most
   * @return in the order of their ids
   */
  public List<StoredEvent> eventsAfter(long id, int limit) {
    return database.queries().eventsAfter(id, limit);
  }

  /**
   * The id of the newest event.
   *
   * @return 0 if there is none
   */
  public long lastEvent() {
    return database.queries().lastEvent();
  }

  /**
   * The id of the oldest event that is still kept.
   *
   * @return 0 if there is none
   */
  public long firstEvent() {
    return database.queries().firstEvent();
  }

  // ---- For this package

  List<StoredTask> submit(List<Submission> submissions, Submissions.@Nullable Forker forker) {
    List<String> payloads = Submissions.payloads(submissions);
    if (submissions.isEmpty()) return List.of();
    Submissions all = database.submissions();
    if (submissions.size() == 1 && forker == null) {
      var one = new Submissions.Question(submissions.getFirst(), payloads.getFirst());
      return List.of(database.journal().write(all, one));
    }
    return database.journal().write(tx -> all.add(tx, submissions, payloads, forker));
  }

  /** Fails with a refusal if there is no such task. */
  CompletableFuture<StoredTask> ended(String id) {
    Objects.requireNonNull(id, "a task is known by its id");
    CompletableFuture<Void> signal = database.feed().mayHaveEnded(id);
    StoredTask task = find(id).orElse(null);
    if (task == null || task.state().isTerminal()) {
      signal.complete(null);
      return task == null
          ? CompletableFuture.failedFuture(Refusals.unknown(id))
          : CompletableFuture.completedFuture(task);
    }
    return signal.thenCompose(_ -> ended(id));
  }

  private static StoredTask awaited(Context context, CompletableFuture<StoredTask> ended)
      throws InterruptedException {
    try {
      return context.await(ended);
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException unchecked) throw unchecked;
      throw failed;
    }
  }

  private List<StoredTask> inTransactionOf(
      Connection connection, Journal.Change<List<StoredTask>> change) throws SQLException {
    var session = new Session(connection);
    Savepoint before = connection.setSavepoint();
    try {
      for (int tries = 1; ; tries++) {
        var tx = new Tx(session, database.clock().millis(), database.engine());
        try {
          List<StoredTask> tasks =
              ScopedValue.where(Tx.CURRENT, tx)
                  .call(() -> {
                    List<StoredTask> made = change.in(tx);
                    tx.flush();
                    return made;
                  });
          connection.releaseSavepoint(before);
          return tasks;
        } catch (SQLException | RuntimeException failed) {
          connection.rollback(before);
          Throwable seen = Failures.unwrapped(failed);
          if (!(seen instanceof SQLException sql)) throw failed;
          // Somebody was faster with the same id or key: the next look finds out, and refuses it.
          if (!Failures.isConflict(sql) || tries == TRIES) throw sql;
        }
      }
    } finally {
      session.closeStatements();
    }
  }

  @FunctionalInterface
  private interface Step {
    int of(Tx tx, String id) throws SQLException;
  }

  private int forAll(TaskFilter filter, String condition, Step step) {
    int count = 0;
    String after = "";
    while (true) {
      List<String> ids = database.queries().ids(filter, condition, after, STEP);
      if (ids.isEmpty()) return count;
      count +=
          database
              .journal()
              .write(tx -> {
                int changed = 0;
                for (String id : ids) changed += step.of(tx, id);
                return changed;
              });
      after = ids.getLast();
    }
  }

  private void pause(boolean paused) {
    database
        .journal()
        .write(tx -> {
          tx.signal();
          return tx.session.update(
              "update lanyard_control set value = ?, at = ? where name = 'paused'",
              Boolean.toString(paused),
              tx.now);
        });
  }

  private static String id(String id) {
    return Objects.requireNonNull(id, "a task is known by its id");
  }
}
