package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of tasks that wait and run, each a change for the {@link Journal}: they become due,
 * start, end, are lost. What people ask for is in {@link Submissions}, {@link Cancels}, {@link
 * Extensions} and {@link Reruns}; nothing else moves a state, and these invariants are those of
 * all.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>A state is written only under a {@link Guard}, that is, as {@link State#on} allows; with
 *       it, in the same transaction, goes the event that tells of it and the row of db-scheduler.
 *   <li>A run writes only while the row carries its number ({@code runs}) and its node, and its
 *       {@link Claim} is good. A run that was given up has neither.
 *   <li>Once {@code cancel_requested_at} is set on a task that runs, the only end that it comes to
 *       is CANCELLED: every other end is written under the condition that it is not set, and who
 *       finds it set writes that one.
 *   <li>A terminal state is written together with {@code finished_at}, and nothing changes it but
 *       {@link Reruns}.
 *   <li>Whoever ends a task other than as completed cancels, in the same transaction, what is below
 *       it. Who submits below it counts itself in its row first: of the two, one sees the other.
 *   <li>Rows are locked from db-scheduler's to ours in the end of a run, and only ours in a
 *       cancellation of what runs: the two cannot wait for each other.
 *   <li>When a cancellation commits, nothing in its range is live and not told of it.
 * </ol>
 */
final class Changes {
  /** Of a row that may be run. */
  record Start(StoredTask task, int run, String path, boolean fork) {
    /** Of {@link Rows#RUNNABLE}. */
    static Start of(ResultSet row) throws SQLException {
      return new Start(
          Rows.full(row), row.getInt("runs"), row.getString("path"), row.getInt("fork") == 1);
    }
  }

  /** How a run ended, as its node sees it. */
  record End(State.Change change, @Nullable String error, @Nullable String result) {}

  static final String RUN_CONDITION = " where id = ? and runs = ? and node = ? and ";

  private final ClaimRows claims;

  Changes(ClaimRows claims) {
    this.claims = claims;
  }

  // ---- Becoming due

  /** Scheduled tasks whose time has come. */
  int due(Tx tx, int limit) throws SQLException {
    List<String> ids =
        tx.session.query(
            "select id from task where state = 'SCHEDULED' and run_at <= ? order by run_at limit ?",
            row -> row.getString(1),
            tx.now,
            limit);
    for (String id : ids) due(tx, id);
    return ids.size();
  }

  private static boolean due(Tx tx, String id) throws SQLException {
    int moved =
        tx.session.update("update task set state = 'PENDING' where id = ? and " + Guard.DUE, id);
    if (moved == 0) return false;
    tx.event(StoredEvent.Type.DUE, id, State.PENDING, 0, null, null, null);
    tx.ready(1);
    return true;
  }

  // ---- A run: its start

  /** Null if there is nothing to run: then its claim is gone too. */
  @Nullable Start start(Tx tx, Claim claim, String node, long maxTimeoutMillis)
      throws SQLException {
    for (int tries = 0; tries < 3; tries++) {
      Start started = move(tx, claim, node, maxTimeoutMillis);
      if (started != null) return started;
      if (!claim.isHeld(tx)) return null; // another node has it, and perhaps runs the task
      Look look = Look.at(tx, claim.id());
      if (look == null || look.state().isTerminal()) {
        claim.remove();
        return null;
      }
      if (look.state() == State.SCHEDULED) {
        due(tx, claim.id());
      } else if (look.state() == State.RUNNING) {
        // Its claim was given up, but not its row: the node that runs it was cut off in between.
        lose(tx, claim.id(), "its claim was lost");
      } else if (timeOutWaiting(tx, claim.id())) {
        return null;
      }
      // Otherwise it has just become due elsewhere.
    }
    return null;
  }

  private static @Nullable Start move(Tx tx, Claim claim, String node, long maxTimeoutMillis)
      throws SQLException {
    @Nullable Object[] held = claim.row();
    Start start =
        tx.session.first(
            "update task set state = 'RUNNING', attempt = attempt + 1, runs = runs + 1, node = ?,"
                + " started_at = coalesce(started_at, ?), progress = 0, note = null,"
                + " progress_at = null,"
                + " max_deadline = coalesce(max_deadline, ? + longest_ms),"
                + " deadline = coalesce(deadline, ? + case when timeout_ms < ? then timeout_ms"
                + " else ? end)"
                + " where id = ? and cancel_requested_at is null and "
                + Guard.START
                + " and (state <> 'RETRYING' or deadline is null or deadline > ?) and "
                + Claim.HELD
                + " returning "
                + Rows.RUNNABLE,
            Start::of,
            node,
            tx.now,
            tx.now,
            tx.now,
            maxTimeoutMillis,
            maxTimeoutMillis,
            claim.id(),
            tx.now,
            held[0],
            held[1],
            held[2],
            held[3]);
    if (start == null) return null;
    if (start.fork()) start = capped(tx, start);
    StoredTask task = start.task();
    tx.event(StoredEvent.Type.STARTED, task.id(), State.RUNNING, task.attempt(), node, null, null);
    return start;
  }

  /** A fork has no more time than the attempt that forked it. */
  private static Start capped(Tx tx, Start start) throws SQLException {
    Start capped =
        tx.session.first(
            "update task set deadline = (select p.deadline from task p where p.id ="
                + " task.parent_id) where id = ? and deadline > (select p.deadline from task p"
                + " where p.id = task.parent_id) returning "
                + Rows.RUNNABLE,
            Start::of,
            start.task().id());
    return capped == null ? start : capped;
  }

  // ---- A run: its end

  /** By invariant 2, null if this run had been given up; otherwise the state that was written. */
  @Nullable State end(Tx tx, Claim claim, Start start, String node, End end, long expiredAt)
      throws SQLException {
    if (!claim.remove(tx, start, node)) return afterwards(tx, start, node);
    State to = State.RUNNING.on(end.change());
    String guard = " and cancel_requested_at is null";
    if (to == State.TIMED_OUT) guard += " and (deadline is null or deadline <= " + expiredAt + ")";
    State written = finish(tx, start, node, to, guard, end.error(), end.result());
    if (written != null) return written;
    Look look = Look.at(tx, start.task().id());
    if (look == null || !look.isRunning(start, node)) return null;
    if (look.cancelled()) {
      return finish(tx, start, node, State.CANCELLED, "", end.error(), null);
    }
    // An extension was committed in time, but this node was told too late: it gets its time.
    lose(tx, start.task().id(), "its deadline was moved");
    claims.again(tx, start.task());
    return State.PENDING;
  }

  /** When the answer to a commit was lost, the change is asked for again. */
  private static @Nullable State afterwards(Tx tx, Start start, String node) throws SQLException {
    Look look = Look.at(tx, start.task().id());
    if (look == null || !look.isOf(start, node)) return null;
    return look.state() == State.RUNNING ? null : look.state();
  }

  private static @Nullable State finish(
      Tx tx,
      Start start,
      String node,
      State to,
      String condition,
      @Nullable String error,
      @Nullable String result)
      throws SQLException {
    StoredTask task = start.task();
    Integer children =
        tx.session.first(
            "update task set state = ?, finished_at = ?, deadline = null, error = ?, result = ?,"
                + " progress = case when ? = 'COMPLETED' then 100 else progress end"
                + RUN_CONDITION
                + Guard.COMPLETE // that is: it runs, whatever it comes to
                + condition
                + " returning children",
            row -> row.getInt(1),
            to.name(),
            tx.now,
            Texts.cut(error, 4000),
            result,
            to.name(),
            task.id(),
            start.run(),
            node);
    if (children == null) return null;
    tx.event(
        StoredEvent.Type.valueOf(to.name()),
        task.id(),
        to,
        task.attempt(),
        node,
        error,
        task.startedAt() == null ? null : tx.now - task.startedAt().toEpochMilli());
    if (to != State.COMPLETED && children > 0) {
      Cancels.below(tx, start.path(), "its parent is " + to + ": " + task.name());
    }
    return to;
  }

  /** The attempt failed; the next one begins at a moment, before the deadline. */
  @Nullable State retry(Tx tx, Claim claim, Start start, String node, String error, long delay)
      throws SQLException {
    StoredTask task = start.task();
    long at = tx.now + delay;
    if (!Look.isRunning(tx, start, node) || !claim.giveBack(Instant.ofEpochMilli(at))) {
      return afterwards(tx, start, node);
    }
    Integer children =
        tx.session.first(
            "update task set state = 'RETRYING', run_at = ?, error = ?"
                + RUN_CONDITION
                + Guard.RETRY
                + " and cancel_requested_at is null returning children",
            row -> row.getInt(1),
            at,
            Texts.cut(error, 4000),
            task.id(),
            start.run(),
            node);
    if (children != null) {
      tx.event(
          StoredEvent.Type.RETRYING, task.id(), State.RETRYING, task.attempt(), node, error, null);
      if (children > 0) Cancels.forks(tx, task, "its parent has failed: " + task.name());
      return State.RETRYING;
    }
    return cancelledInstead(tx, start, node, error);
  }

  /** The node shuts down: the task waits for another one, and the attempt does not count. */
  @Nullable State release(Tx tx, Claim claim, Start start, String node, String why)
      throws SQLException {
    if (!Look.isRunning(tx, start, node) || !claim.giveBack(Instant.ofEpochMilli(tx.now))) {
      return afterwards(tx, start, node);
    }
    if (lose(tx, start.task().id(), why)) return State.PENDING;
    return cancelledInstead(tx, start, node, null);
  }

  private static @Nullable State cancelledInstead(
      Tx tx, Start start, String node, @Nullable String error) throws SQLException {
    State cancelled = finish(tx, start, node, State.CANCELLED, "", error, null);
    if (cancelled != null) {
      ClaimRows.delete(tx, start.task().kind(), start.task().id());
    }
    return cancelled;
  }

  /** A node was not heard of for too long; its claim is given back in this transaction. */
  void lost(Tx tx, Claim claim, @Nullable String node) throws SQLException {
    if (!claim.giveBack(Instant.ofEpochMilli(tx.now))) return;
    Look look = Look.at(tx, claim.id());
    if (look == null || look.state().isTerminal()) {
      ClaimRows.delete(tx, claim.kind(), claim.id());
      return;
    }
    if (look.state() != State.RUNNING) {
      tx.ready(1);
      return;
    }
    if (!look.cancelled() && lose(tx, claim.id(), "its node was lost" + named(node))) {
      tx.ready(1);
      return;
    }
    cancelAbandoned(tx, claim.id());
  }

  private static String named(@Nullable String node) {
    return node == null ? "" : ": " + node;
  }

  /** Back to the queue; what the attempt forked ends with it. */
  private boolean lose(Tx tx, String id, String why) throws SQLException {
    StoredTask task =
        tx.session.first(
            "update task set state = 'PENDING', attempt = attempt - 1, deadline = null,"
                + " max_deadline = null, progress = 0, note = null, run_at = ? where id = ?"
                + " and cancel_requested_at is null and "
                + Guard.LOSE
                + " returning "
                + Rows.BRIEF,
            Rows::brief,
            tx.now,
            id);
    if (task == null) return false;
    tx.event(StoredEvent.Type.LOST, id, State.PENDING, task.attempt() + 1, task.node(), why, null);
    tx.ready(task.priority());
    if (task.children() > 0) Cancels.forks(tx, task, "the attempt that forked it was lost");
    return true;
  }

  /** It was told to be cancelled by a node that is gone: nobody else will write that it is. */
  private static void cancelAbandoned(Tx tx, String id) throws SQLException {
    Start abandoned =
        Objects.requireNonNull(
            tx.session.first("select " + Rows.RUNNABLE + " from task where id = ?", Start::of, id));
    StoredTask task = abandoned.task();
    String node = Objects.requireNonNullElse(task.node(), "");
    finish(tx, abandoned, node, State.CANCELLED, "", null, null);
    ClaimRows.delete(tx, task.kind(), id);
  }

  /** When a SQLite file is opened, nothing runs: what seems to was left by a process that died. */
  void reviveAll(Tx tx) throws SQLException {
    List<String> running =
        tx.session.query("select id from task where state = 'RUNNING'", row -> row.getString(1));
    for (String id : running) {
      if (!lose(tx, id, "its process ended")) cancelAbandoned(tx, id);
    }
    tx.session.update(
        "update scheduled_tasks set picked = false, picked_by = null, last_heartbeat = null,"
            + " version = version + 1 where picked = true");
  }

  // ---- Time-outs of what waits

  /** Tasks that wait for another attempt, and whose deadline has passed meanwhile. */
  int timeOutRetrying(Tx tx, int limit) throws SQLException {
    List<String> ids =
        tx.session.query(
            "select id from task where state = 'RETRYING' and deadline <= ? limit ?",
            row -> row.getString(1),
            tx.now,
            limit);
    for (String id : ids) timeOutWaiting(tx, id);
    return ids.size();
  }

  private static boolean timeOutWaiting(Tx tx, String id) throws SQLException {
    List<Ended> ended =
        tx.session.query(
            "update task set state = 'TIMED_OUT', finished_at = ?, deadline = null where id = ?"
                + " and state <> 'RUNNING' and deadline <= ? and "
                + Guard.TIME_OUT
                + " returning "
                + Ended.COLUMNS,
            Ended::of,
            tx.now,
            id,
            tx.now);
    if (ended.isEmpty()) return false;
    Ended.tell(tx, ended, "its deadline passed before the next attempt");
    Cancels.below(tx, Rows.path(tx, id), "its parent is timed_out");
    return true;
  }
}
