package dev.lanyard.durable;

import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.RefusedException.Reason;
import dev.lanyard.tasks.State;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Moves the deadline of a task that runs, and closes it when it has come. */
final class Extensions {
  private static final String EXPIRED = "state = 'RUNNING' and deadline <= ?";

  private Extensions() {}

  /**
   * A deadline has come: from now on it cannot be moved, and without that nobody may act on it. An
   * extension is written before this, and then is seen here, or after it, and then is refused; only
   * to read the row would leave those out that are granted and not committed yet.
   *
   * @return null if it has come; the deadline that stands if that is a later one
   */
  static @Nullable Instant expire(Tx tx, String id, int run, String node, long expiredAt)
      throws SQLException {
    int closed =
        tx.session.update(
            "update lanyard_task set deadline = null" + Changes.RUN_CONDITION + EXPIRED,
            id,
            run,
            node,
            expiredAt);
    if (closed > 0) return null;
    return tx.session.first(
        "select deadline from lanyard_task" + Changes.RUN_CONDITION + "deadline is not null",
        row -> Instant.ofEpochMilli(row.getLong(1)),
        id,
        run,
        node);
  }

  /** By a handler: only the attempt that runs has time that can be extended. */
  static StoredTask extendOwn(Tx tx, Run run, String node, Duration by) throws SQLException {
    if (!Look.isRunning(tx, run.start, node)) {
      throw new RefusedException(
          Reason.NOT_RUNNING, "task " + run.id() + " was given to another node", run.id());
    }
    return extend(tx, run.id(), by, "its handler");
  }

  static StoredTask extend(Tx tx, String id, Duration by, @Nullable String who)
      throws SQLException {
    long more = by.toMillis();
    StoredTask extended =
        tx.session.first(
            "update lanyard_task set deadline = deadline + ? where id = ? and critical = 1 and"
                + " state = 'RUNNING' and cancel_requested_at is null and deadline > ?"
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
    Look look = Look.at(tx, id);
    if (look == null) return Refusals.unknown(id);
    if (look.state().isTerminal()) {
      return Refusals.ended(id, look.state());
    }
    boolean critical =
        Boolean.TRUE.equals(
            tx.session.first(
                "select critical from lanyard_task where id = ?", row -> row.getInt(1) == 1, id));
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
    if (look.deadline() == null || look.deadline() <= tx.now) {
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
}
