package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of tasks by themselves, each a change for the {@link Journal}: they become due, time
 * out while they wait, are lost with their node. How runs begin and end is in {@link Starts} and
 * {@link Ends}, what people ask for in {@link Submissions}, {@link Cancels}, {@link Extensions} and
 * {@link Reruns}; nothing else moves a state, and these invariants are those of all.
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
  static final String RUN_CONDITION = " where id = ? and runs = ? and node = ? and ";

  private Changes() {}

  // ---- Becoming due

  /** Scheduled tasks whose time has come. */
  static int due(Tx tx, int limit) throws SQLException {
    List<String> ids =
        tx.session.query(
            Queries.overdue(tx.isInFile(), "lanyard_task_scheduled")
                + " state = 'SCHEDULED' and run_at <= ? order by run_at limit ?",
            row -> row.getString(1),
            tx.now,
            limit);
    for (String id : ids) due(tx, id);
    return ids.size();
  }

  static boolean due(Tx tx, String id) throws SQLException {
    int moved =
        tx.session.update(
            "update lanyard_task set state = 'PENDING' where id = ? and " + Guard.DUE, id);
    if (moved == 0) return false;
    tx.event(StoredEvent.Type.DUE, id, State.PENDING, 0, null, null, null);
    tx.ready(1);
    return true;
  }

  /** A node was not heard of for too long; its claim is given back in this transaction. */
  static void lost(Tx tx, Claim claim, @Nullable String node) throws SQLException {
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
  static boolean lose(Tx tx, String id, String why) throws SQLException {
    StoredTask task =
        tx.session.first(
            "update lanyard_task set state = 'PENDING', attempt = attempt - 1, deadline = null,"
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
            tx.session.first(
                "select " + Rows.RUNNABLE + " from lanyard_task where id = ?", Start::of, id));
    StoredTask task = abandoned.task();
    String node = Objects.requireNonNullElse(task.node(), "");
    Ends.finish(tx, abandoned, node, State.CANCELLED, "", null, null);
    ClaimRows.delete(tx, task.kind(), id);
  }

  /** When a SQLite file is opened, nothing runs: what seems to was left by a process that died. */
  static void reviveAll(Tx tx) throws SQLException {
    List<String> running =
        tx.session.query(
            "select id from lanyard_task where state = 'RUNNING'", row -> row.getString(1));
    for (String id : running) {
      if (!lose(tx, id, "its process ended")) cancelAbandoned(tx, id);
    }
    tx.session.update(
        "update lanyard_scheduled_tasks set picked = false, picked_by = null, last_heartbeat ="
            + " null, version = version + 1 where picked = true");
  }

  // ---- Time-outs of what waits

  /** Tasks that wait for another attempt, and whose deadline has passed meanwhile. */
  static int timeOutRetrying(Tx tx, int limit) throws SQLException {
    List<String> ids =
        tx.session.query(
            Queries.overdue(tx.isInFile(), "lanyard_task_retrying")
                + " state = 'RETRYING' and deadline <= ? limit ?",
            row -> row.getString(1),
            tx.now,
            limit);
    for (String id : ids) timeOutWaiting(tx, id);
    return ids.size();
  }

  static boolean timeOutWaiting(Tx tx, String id) throws SQLException {
    List<Ended> ended =
        tx.session.query(
            "update lanyard_task set state = 'TIMED_OUT', finished_at = ?, deadline = null where"
                + " id = ? and state <> 'RUNNING' and deadline <= ? and "
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
