package dev.lanyard.durable;

import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.RefusedException.Reason;
import dev.lanyard.tasks.State;
import java.sql.SQLException;

/** Gives a task that ended badly another life: the only change that a terminal state knows. */
final class Reruns {
  private final ClaimRows claims;

  Reruns(ClaimRows claims) {
    this.claims = claims;
  }

  StoredTask rerun(Tx tx, String id) throws SQLException {
    StoredTask task = Rows.find(tx.session, id);
    if (task == null) throw Refusals.unknown(id);
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
            "update lanyard_task set state = 'PENDING', attempt = 0, finished_at = null,"
                + " started_at = null,"
                + " deadline = null, max_deadline = null, cancel_requested_at = null,"
                + " cancel_cause = null, cancel_by = null, progress = 0, note = null,"
                + " error = null, result = null, run_at = ?, fork = 0"
                + " where id = ? and state in ('FAILED', 'CANCELLED', 'TIMED_OUT')",
            tx.now,
            id);
    if (moved == 0) throw new Failures.LateConflict();
    claims.again(tx, task);
    tx.event(StoredEvent.Type.RERUN, id, State.PENDING, 0, null, null, null);
    return Rows.task(tx, id);
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
    // Written, though nothing changes: who cancels the parent meanwhile waits, and finds this one.
    int living =
        tx.session.update(
            "update lanyard_task set children = children where id = ? and cancel_requested_at is"
                + " null and state not in ('FAILED', 'CANCELLED', 'TIMED_OUT')",
            parent);
    if (living > 0) return;
    Look above = Look.at(tx, parent);
    if (above == null) return;
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
            "select id from lanyard_task where finished_at is null and unique_key is not null"
                + " and unique_key = ?",
            row -> row.getString(1),
            task.uniqueKey());
    if (holder == null) return;
    throw new RefusedException(
        Reason.DUPLICATE_KEY,
        "the task " + holder + " with the same unique key has not ended",
        holder);
  }
}
