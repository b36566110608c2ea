package dev.lanyard.durable;

import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.RefusedException.Reason;
import dev.lanyard.tasks.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happens to tasks, each a change for the {@link Journal}. Everything that moves a state is in
 * this file and in {@link Submissions}.
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
 *       {@link #rerun}.
 *   <li>Whoever ends a task other than as completed cancels, in the same transaction, what is below
 *       it. Who submits below it counts itself in its row first: of the two, one sees the other.
 *   <li>Rows are locked from db-scheduler's to ours in the end of a run, and only ours in a
 *       cancellation of what runs: the two cannot wait for each other.
 * </ol>
 */
final class Changes {
  /** Of a row that may be run. */
  record Start(StoredTask task, int run, String path, boolean fork) {}

  /** How a run ended, as its node sees it. */
  record End(State.Change change, @Nullable String error, @Nullable String result) {}

  private static final String RUN_CONDITION = " where id = ? and runs = ? and node = ? and ";

  private static final String DELETE_CLAIM =
      "delete from scheduled_tasks where task_name = ? and task_instance = ?";

  private record Ended(String id, String kind, State state, int attempt, @Nullable Long started) {
    static Ended of(ResultSet row) throws SQLException {
      return new Ended(
          row.getString("id"),
          row.getString("kind"),
          State.valueOf(row.getString("state")),
          row.getInt("attempt"),
          Rows.number(row, "started_at"));
    }
  }

  private record Look(
      State state, int runs, @Nullable String node, boolean cancelled, @Nullable Long deadline) {
    static Look of(ResultSet row) throws SQLException {
      return new Look(
          State.valueOf(row.getString("state")),
          row.getInt("runs"),
          row.getString("node"),
          Rows.number(row, "cancel_requested_at") != null,
          Rows.number(row, "deadline"));
    }
  }

  private final ClaimRows claims;

  Changes(ClaimRows claims) {
    this.claims = claims;
  }

  private static @Nullable Look look(Tx tx, String id) throws SQLException {
    return tx.session.first(
        "select state, runs, node, cancel_requested_at, deadline from task where id = ?",
        Look::of,
        id);
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
      Start started = move(tx, claim.id(), node, maxTimeoutMillis);
      if (started != null) return started;
      Look look = look(tx, claim.id());
      if (look == null || look.state().isTerminal()) {
        claim.remove();
        return null;
      }
      if (look.state() == State.SCHEDULED) {
        due(tx, claim.id());
      } else if (look.state() == State.RUNNING) {
        // Its claim was given up, but not its row: an operator's doing.
        lose(tx, claim.id(), "its claim was lost");
      } else if (look.cancelled()) {
        return null;
      } else {
        timeOutWaiting(tx, claim.id());
        claim.remove();
        return null;
      }
    }
    return null;
  }

  private static @Nullable Start move(Tx tx, String id, String node, long maxTimeoutMillis)
      throws SQLException {
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
                + " and (state <> 'RETRYING' or deadline is null or deadline > ?) returning "
                + Rows.RUNNABLE,
            row ->
                new Start(
                    Rows.full(row),
                    row.getInt("runs"),
                    row.getString("path"),
                    row.getInt("fork") == 1),
            node,
            tx.now,
            tx.now,
            tx.now,
            maxTimeoutMillis,
            maxTimeoutMillis,
            id,
            tx.now);
    if (start == null) return null;
    if (start.fork()) start = capped(tx, start);
    StoredTask task = start.task();
    tx.event(StoredEvent.Type.STARTED, id, State.RUNNING, task.attempt(), node, null, null);
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
            row ->
                new Start(
                    Rows.full(row),
                    row.getInt("runs"),
                    row.getString("path"),
                    row.getInt("fork") == 1),
            start.task().id());
    return capped == null ? start : capped;
  }

  // ---- A run: its end

  /** By invariant 2, null if this run had been given up; otherwise the state that was written. */
  @Nullable State end(Tx tx, Claim claim, Start start, String node, End end, long expiredAt)
      throws SQLException {
    if (!claim.remove()) return afterwards(tx, start, node);
    State to = State.RUNNING.on(end.change());
    String guard = " and cancel_requested_at is null";
    if (to == State.TIMED_OUT) guard += " and deadline <= " + expiredAt;
    State written = finish(tx, start, node, to, guard, end.error(), end.result());
    if (written != null) return written;
    Look look = look(tx, start.task().id());
    if (look == null || !isOf(look, start, node)) return null;
    if (look.cancelled()) {
      return finish(tx, start, node, State.CANCELLED, "", end.error(), null);
    }
    // An extension was committed in time, but this node was told too late: it gets its time.
    lose(tx, start.task().id(), "its deadline was moved");
    reclaim(tx, start.task());
    return State.PENDING;
  }

  private void reclaim(Tx tx, StoredTask task) {
    claims.insert(
        List.of(
            new ClaimRows.Due(
                task.kind(), task.id(), task.priority(), Instant.ofEpochMilli(tx.now))));
    tx.ready(task.priority());
  }

  /** When the answer to a commit was lost, the change is asked for again. */
  private static @Nullable State afterwards(Tx tx, Start start, String node) throws SQLException {
    Look look = look(tx, start.task().id());
    if (look == null || look.runs() != start.run() || !node.equals(look.node())) return null;
    return look.state() == State.RUNNING ? null : look.state();
  }

  private static boolean isOf(Look look, Start start, String node) {
    return look.state() == State.RUNNING && look.runs() == start.run() && node.equals(look.node());
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
      cancelBelow(tx, start.path(), "its parent is " + to + ": " + task.name());
    }
    return to;
  }

  /** The attempt failed; the next one begins at a moment, before the deadline. */
  @Nullable State retry(Tx tx, Claim claim, Start start, String node, String error, long delay)
      throws SQLException {
    StoredTask task = start.task();
    long at = tx.now + delay;
    if (!claim.giveBack(Instant.ofEpochMilli(at))) return afterwards(tx, start, node);
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
      if (children > 0) cancelForks(tx, task, "its parent has failed: " + task.name());
      return State.RETRYING;
    }
    return cancelledInstead(tx, start, node, error);
  }

  /** The node shuts down: the task waits for another one, and the attempt does not count. */
  @Nullable State release(Tx tx, Claim claim, Start start, String node, String why)
      throws SQLException {
    if (!claim.giveBack(Instant.ofEpochMilli(tx.now))) return afterwards(tx, start, node);
    Look look = look(tx, start.task().id());
    if (look == null || !isOf(look, start, node)) return null;
    if (!look.cancelled() && lose(tx, start.task().id(), why)) return State.PENDING;
    return cancelledInstead(tx, start, node, null);
  }

  private static @Nullable State cancelledInstead(
      Tx tx, Start start, String node, @Nullable String error) throws SQLException {
    State cancelled = finish(tx, start, node, State.CANCELLED, "", error, null);
    if (cancelled != null) {
      tx.session.update(DELETE_CLAIM, start.task().kind(), start.task().id());
    }
    return cancelled;
  }

  /** A node was not heard of for too long; its claim is given back in this transaction. */
  void lost(Tx tx, Claim claim, @Nullable String node) throws SQLException {
    if (!claim.giveBack(Instant.ofEpochMilli(tx.now))) return;
    Look look = look(tx, claim.id());
    if (look == null || look.state().isTerminal()) {
      tx.session.update(DELETE_CLAIM, claim.kind(), claim.id());
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
    StoredTask task =
        tx.session.first(
            "select " + Rows.BRIEF + " from task where id = ?", Rows::brief, claim.id());
    if (task == null) return;
    String path = path(tx, claim.id());
    finish(
        tx,
        new Start(task, look.runs(), path, false),
        Objects.requireNonNullElse(look.node(), ""),
        State.CANCELLED,
        "",
        null,
        null);
    tx.session.update(DELETE_CLAIM, claim.kind(), claim.id());
  }

  private static String named(@Nullable String node) {
    return node == null ? "" : ": " + node;
  }

  private static String path(Tx tx, String id) throws SQLException {
    return Objects.requireNonNull(
        tx.session.first("select path from task where id = ?", row -> row.getString(1), id));
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
    if (task.children() > 0) cancelForks(tx, task, "the attempt that forked it was lost");
    return true;
  }

  /** When a SQLite file is opened, nothing runs: what seems to was left by a process that died. */
  void reviveAll(Tx tx) throws SQLException {
    List<String> running =
        tx.session.query("select id from task where state = 'RUNNING'", row -> row.getString(1));
    for (String id : running) {
      if (lose(tx, id, "its process ended")) continue;
      StoredTask task =
          Objects.requireNonNull(
              tx.session.first(
                  "select " + Rows.BRIEF + " from task where id = ?", Rows::brief, id));
      Look look = Objects.requireNonNull(look(tx, id));
      finish(
          tx,
          new Start(task, look.runs(), path(tx, id), false),
          Objects.requireNonNullElse(look.node(), ""),
          State.CANCELLED,
          "",
          null,
          null);
      tx.session.update(DELETE_CLAIM, task.kind(), id);
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

  private static void timeOutWaiting(Tx tx, String id) throws SQLException {
    List<Ended> ended =
        tx.session.query(
            "update task set state = 'TIMED_OUT', finished_at = ?, deadline = null where id = ?"
                + " and state <> 'RUNNING' and deadline <= ? and "
                + Guard.TIME_OUT
                + " returning id, kind, state, attempt, started_at",
            Ended::of,
            tx.now,
            id,
            tx.now);
    for (Ended each : ended) {
      endWaiting(tx, each, "its deadline passed before the next attempt");
      cancelBelow(tx, path(tx, id), "its parent is timed_out");
    }
  }

  private static void endWaiting(Tx tx, Ended task, @Nullable String text) throws SQLException {
    tx.session.update(DELETE_CLAIM, task.kind(), task.id());
    tx.event(
        StoredEvent.Type.valueOf(task.state().name()),
        task.id(),
        task.state(),
        task.attempt(),
        null,
        text,
        task.started() == null ? null : tx.now - task.started());
  }

  // ---- Cancelling

  StoredTask cancel(Tx tx, String id, Cancellation cancellation) throws SQLException {
    Look look = look(tx, id);
    if (look == null) throw unknown(id);
    if (look.state().isTerminal()) {
      throw new RefusedException(
          Reason.ENDED, "task " + id + " has ended: it is " + look.state(), id);
    }
    int cancelled = cancelRange(tx, path(tx, id), cancellation.cause(), cancellation.by());
    StoredTask task = task(tx, id);
    if (cancelled == 0 && task.state().isTerminal()) {
      // It ended between the look and the update; nothing was written.
      throw new RefusedException(
          Reason.ENDED, "task " + id + " has ended: it is " + task.state(), id);
    }
    return task;
  }

  /** One of many: what has ended meanwhile is passed over. */
  int cancelFound(Tx tx, String id, Cancellation cancellation) throws SQLException {
    String path =
        tx.session.first("select path from task where id = ?", row -> row.getString(1), id);
    return path == null ? 0 : cancelRange(tx, path, cancellation.cause(), cancellation.by());
  }

  private static void cancelBelow(Tx tx, String path, String cause) throws SQLException {
    cancelRange(tx, path, Texts.cut(cause, 500), null);
  }

  private static int cancelRange(Tx tx, String path, @Nullable String cause, @Nullable String by)
      throws SQLException {
    String end = Paths.end(path);
    List<Ended> running =
        tx.session.query(
            "update task set cancel_requested_at = ?, cancel_cause = ?, cancel_by = ?"
                + " where path >= ? and path < ? and state = 'RUNNING'"
                + " and cancel_requested_at is null"
                + " returning id, kind, state, attempt, started_at",
            Ended::of,
            tx.now,
            cause,
            by,
            path,
            end);
    for (Ended each : running) {
      tx.event(
          StoredEvent.Type.CANCEL_REQUESTED,
          each.id(),
          State.RUNNING,
          each.attempt(),
          null,
          cause,
          null);
    }
    if (!running.isEmpty()) tx.signal();
    List<Ended> waiting =
        tx.session.query(
            "update task set state = 'CANCELLED', finished_at = ?, deadline = null,"
                + " cancel_requested_at = coalesce(cancel_requested_at, ?), cancel_cause = ?,"
                + " cancel_by = ? where path >= ? and path < ? and "
                + Guard.CANCEL_WAITING
                + " returning id, kind, state, attempt, started_at",
            Ended::of,
            tx.now,
            tx.now,
            cause,
            by,
            path,
            end);
    for (Ended each : waiting) endWaiting(tx, each, cause);
    return running.size() + waiting.size();
  }

  /** What an attempt forked belongs to it, and not to the next one. */
  private static void cancelForks(Tx tx, StoredTask parent, String cause) throws SQLException {
    List<String> paths =
        tx.session.query(
            "select path from task where parent_id = ? and fork = 1 and finished_at is null",
            row -> row.getString(1),
            parent.id());
    for (String path : paths) cancelBelow(tx, path, cause);
  }

  // ---- Extending

  StoredTask extend(Tx tx, String id, Duration by, @Nullable String who) throws SQLException {
    long more = by.toMillis();
    StoredTask extended =
        tx.session.first(
            "update task set deadline = deadline + ? where id = ? and critical = 1 and state ="
                + " 'RUNNING' and cancel_requested_at is null and deadline > ?"
                + " and deadline + ? <= max_deadline returning "
                + Rows.FULL,
            Rows::full,
            more,
            id,
            tx.now,
            more);
    if (extended == null) throw notExtended(tx, id, more);
    tx.event(
        StoredEvent.Type.EXTENDED,
        id,
        State.RUNNING,
        extended.attempt(),
        extended.node(),
        "by " + more + " ms" + (who == null ? "" : ", " + Texts.cutSome(who, 100)),
        null);
    tx.signal();
    return extended;
  }

  private static RefusedException notExtended(Tx tx, String id, long more) throws SQLException {
    Look look = look(tx, id);
    if (look == null) return unknown(id);
    if (look.state().isTerminal()) {
      return new RefusedException(
          Reason.ENDED, "task " + id + " has ended: it is " + look.state(), id);
    }
    boolean critical =
        Boolean.TRUE.equals(
            tx.session.first(
                "select critical from task where id = ?", row -> row.getInt(1) == 1, id));
    if (!critical) {
      return new RefusedException(
          Reason.NOT_CRITICAL,
          "task "
              + id
              + " is not critical: its deadline stands. Submit it as critical to be able"
              + " to move it",
          id);
    }
    if (look.state() != State.RUNNING || look.cancelled()) {
      return new RefusedException(
          Reason.NOT_RUNNING,
          "task "
              + id
              + (look.cancelled()
                  ? " is being cancelled"
                  : " is not running but " + look.state() + ", and so has no deadline to move"),
          id);
    }
    if (look.deadline() != null && look.deadline() <= tx.now) {
      return new RefusedException(
          Reason.NOT_RUNNING, "the deadline of task " + id + " has passed", id);
    }
    return new RefusedException(
        Reason.BEYOND_LIMIT,
        "another "
            + more
            + " ms would be more than the task may take in all; see Submission.longest",
        id);
  }

  // ---- Another life

  StoredTask rerun(Tx tx, String id) throws SQLException {
    StoredTask task =
        tx.session.first("select " + Rows.FULL + " from task where id = ?", Rows::full, id);
    if (task == null) throw unknown(id);
    if (!mayRunAgain(task.state())) {
      throw new RefusedException(
          Reason.NOT_RUN_AGAIN,
          "task "
              + id
              + (task.state() == State.COMPLETED ? " has completed" : " has not ended")
              + ": only what failed, timed out or was cancelled runs again",
          id);
    }
    refuseBelowTheDead(tx, task);
    refuseTakenKey(tx, task);
    int moved =
        tx.session.update(
            "update task set state = 'PENDING', attempt = 0, finished_at = null, started_at = null,"
                + " deadline = null, max_deadline = null, cancel_requested_at = null,"
                + " cancel_cause = null, cancel_by = null, progress = 0, note = null,"
                + " error = null, result = null, run_at = ?, fork = 0"
                + " where id = ? and state in ('FAILED', 'CANCELLED', 'TIMED_OUT')",
            tx.now,
            id);
    if (moved == 0) throw new Journal.LateConflict();
    reclaim(tx, task);
    tx.event(StoredEvent.Type.RERUN, id, State.PENDING, 0, null, null, null);
    return task(tx, id);
  }

  /** One of many: it looks before it writes, so a refusal leaves the others alone. */
  int rerunFound(Tx tx, String id) throws SQLException {
    try {
      rerun(tx, id);
      return 1;
    } catch (RefusedException refused) {
      return 0;
    }
  }

  private static boolean mayRunAgain(State state) {
    return state.isTerminal() && state != State.COMPLETED;
  }

  private static void refuseBelowTheDead(Tx tx, StoredTask task) throws SQLException {
    String parent = task.parent();
    if (parent == null) return;
    Look above = look(tx, parent);
    if (above == null || (!mayRunAgain(above.state()) && !above.cancelled())) return;
    throw new RefusedException(
        Reason.PARENT_ENDED,
        "task "
            + task.id()
            + " belongs to "
            + parent
            + ", which is "
            + (above.cancelled() ? "cancelled" : above.state())
            + ": run that one again first",
        parent);
  }

  private static void refuseTakenKey(Tx tx, StoredTask task) throws SQLException {
    if (task.uniqueKey() == null) return;
    String holder =
        tx.session.first(
            "select id from task where finished_at is null and unique_key is not null"
                + " and unique_key = ?",
            row -> row.getString(1),
            task.uniqueKey());
    if (holder == null) return;
    throw new RefusedException(
        Reason.DUPLICATE_KEY,
        "the task " + holder + " with the same unique key has not ended",
        holder);
  }

  // ----

  private static StoredTask task(Tx tx, String id) throws SQLException {
    return Objects.requireNonNull(
        tx.session.first("select " + Rows.FULL + " from task where id = ?", Rows::full, id));
  }

  static RefusedException unknown(String id) {
    return new RefusedException(Reason.UNKNOWN_TASK, "there is no task with the id " + id, null);
  }
}
