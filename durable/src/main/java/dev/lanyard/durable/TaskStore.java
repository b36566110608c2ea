package dev.lanyard.durable;

import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Registration;
import dev.lanyard.tasks.RefusedException;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a {@link Database}, seen from anywhere: no node needs to run here. What a method
 * returns from was written for good; if it throws {@link RefusedException}, nothing was changed,
 * and the exception says why by {@link RefusedException#reason()}.
 *
 * @since 0.1
 */
@SuppressWarnings("DoNotCallSuggester")
public final class TaskStore {
  TaskStore() {}

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
    throw new UnsupportedOperationException();
  }

  /**
   * Accepts all tasks or none, in one transaction. A parent must come before its children.
   *
   * @param submissions what to do
   * @return the tasks, in the same order
   * @throws RefusedException for the first that is not acceptable, as {@link #submit(Submission)}
   */
  public List<StoredTask> submitAll(List<Submission> submissions) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  // ---- Looking

  /**
   * A task.
   *
   * @param id its id
   * @return empty if there is none, or it is no longer kept
   */
  public Optional<StoredTask> find(String id) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /**
   * How many tasks there are, counted up to a limit.
   *
   * @param filter which
   * @param limit where to stop counting
   * @return at most the limit
   */
  public long count(TaskFilter filter, long limit) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /**
   * What happened to a task.
   *
   * @param id its id
   * @return oldest first; empty if there is no such task
   */
  public List<StoredEvent> story(String id) {
    throw new UnsupportedOperationException();
  }

  /**
   * How many tasks are in each state.
   *
   * @return a snapshot
   */
  public Counts counts() {
    throw new UnsupportedOperationException();
  }

  /**
   * Since when the task has been due that has waited longest for a worker.
   *
   * @return empty if none waits
   */
  public Optional<Instant> oldestPending() {
    throw new UnsupportedOperationException();
  }

  /**
   * The nodes: those that run, and those that were lost within the last day.
   *
   * @return by their start
   */
  public List<Node> nodes() {
    throw new UnsupportedOperationException();
  }

  /**
   * What happened in the last spans of time, from what is kept of it.
   *
   * @param step how long a span is, at least a second
   * @param points how many spans, 1 to 1000
   * @return oldest first; the last one ends now
   */
  public List<SeriesPoint> series(Duration step, int points) {
    throw new UnsupportedOperationException();
  }

  /**
   * The time on the clock that the moments of tasks are taken from.
   *
   * @return now
   */
  public Instant now() {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /**
   * Gives another life to all tasks that failed, timed out or were cancelled and that a filter lets
   * through; those that would be refused are left out.
   *
   * @param filter which
   * @return how many
   */
  public int rerunAll(TaskFilter filter) {
    throw new UnsupportedOperationException();
  }

  /** From now on no node takes a task, until {@link #resume()}. What runs goes on. */
  public void pause() {
    throw new UnsupportedOperationException();
  }

  /** Ends a pause. */
  public void resume() {
    throw new UnsupportedOperationException();
  }

  /**
   * Whether nodes take no tasks.
   *
   * @return true after {@link #pause()}
   */
  public boolean paused() {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /**
   * Events after a known one.
   *
   * @param id of the last one that is known; 0 to begin with the oldest
   * @param limit how many at most
   * @return in the order of their ids
   */
  public List<StoredEvent> eventsAfter(long id, int limit) {
    throw new UnsupportedOperationException();
  }

  /**
   * The id of the newest event.
   *
   * @return 0 if there is none
   */
  public long lastEvent() {
    throw new UnsupportedOperationException();
  }

  /**
   * The id of the oldest event that is still kept.
   *
   * @return 0 if there is none
   */
  public long firstEvent() {
    throw new UnsupportedOperationException();
  }
}
