package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cancels a task and what is below it: what waits ends where it stands, what runs is told and ends
 * on its node. Under the invariants of {@link Changes}.
 */
final class Cancels {
  /**
   * Not written as a choice of states: SQLite would find all that is in one of them, and look at
   * the paths of those.
   */
  private static final String LIVE =
      "case when "
          + Guard.CANCEL_WAITING
          + " then 1 when state = 'RUNNING' and cancel_requested_at is null then 1 else 0 end = 1";

  private Cancels() {}

  static StoredTask cancel(Tx tx, String id, Cancellation cancellation) throws SQLException {
    Look look = Look.at(tx, id);
    if (look == null) throw Refusals.unknown(id);
    if (look.state().isTerminal()) {
      throw Refusals.ended(id, look.state());
    }
    int cancelled = cancelRange(tx, Rows.path(tx, id), cancellation.cause(), cancellation.by());
    StoredTask task = Rows.task(tx, id);
    if (cancelled == 0 && task.state().isTerminal()) {
      // It ended between the look and the update; nothing was written.
      throw Refusals.ended(id, task.state());
    }
    return task;
  }

  /** One of many: what has ended meanwhile is passed over. */
  static int cancelFound(Tx tx, String id, Cancellation cancellation) throws SQLException {
    String path =
        tx.session.first("select path from lanyard_task where id = ?", row -> row.getString(1), id);
    return path == null ? 0 : cancelRange(tx, path, cancellation.cause(), cancellation.by());
  }

  static void below(Tx tx, String path, String cause) throws SQLException {
    cancelRange(tx, path, Texts.cut(cause, 500), null);
  }

  /**
   * By invariant 7 of {@link Changes}: one statement for what runs and what waits, or a task that
   * starts between two would be passed over by both; and again until it finds nothing, as a child
   * that was submitted while this waited for its parent's row is seen by the next statement only.
   */
  private static int cancelRange(Tx tx, String path, @Nullable String cause, @Nullable String by)
      throws SQLException {
    int cancelled = 0;
    for (int found = -1; found != 0; cancelled += found) {
      found = cancelNow(tx, path, cause, by);
    }
    return cancelled;
  }

  private static int cancelNow(Tx tx, String path, @Nullable String cause, @Nullable String by)
      throws SQLException {
    List<Ended> found =
        tx.session.query(
            "update lanyard_task set cancel_requested_at = coalesce(cancel_requested_at, ?),"
                + " cancel_cause = ?, cancel_by = ?, finished_at = case when "
                + Guard.CANCEL_WAITING
                + " then ? else finished_at end, deadline = case when "
                + Guard.CANCEL_WAITING
                + " then null else deadline end, state = case when "
                + Guard.CANCEL_WAITING
                + " then 'CANCELLED' else state end where path >= ? and path < ? and "
                + LIVE
                + " returning "
                + Ended.COLUMNS,
            Ended::of,
            tx.now,
            cause,
            by,
            tx.now,
            path,
            Paths.end(path));
    Ended.tell(tx, found.stream().filter(each -> each.state() == State.CANCELLED).toList(), cause);
    for (Ended each : found) {
      if (each.state() == State.CANCELLED) continue;
      tx.event(
          StoredEvent.Type.CANCEL_REQUESTED,
          each.id(),
          State.RUNNING,
          each.attempt(),
          null,
          cause,
          null);
      tx.signal();
    }
    return found.size();
  }

  /** What an attempt forked belongs to it, and not to the next one. */
  static void forks(Tx tx, StoredTask parent, String cause) throws SQLException {
    List<String> paths =
        tx.session.query(
            "select path from lanyard_task where parent_id = ? and fork = 1 and finished_at is"
                + " null",
            row -> row.getString(1),
            parent.id());
    for (String path : paths) below(tx, path, cause);
  }
}
