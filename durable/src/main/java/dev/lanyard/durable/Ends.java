package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run ends, is to be tried again, or is given back by a node that shuts down. Each gives null if
 * the run had been given up, by invariant 2 of {@link Changes}, and otherwise the state that was
 * written.
 */
final class Ends implements Journal.Sort<Ends.Question, @Nullable State> {
  /** How a run ended, as its node sees it. */
  record End(State.Change change, @Nullable String error, @Nullable String result) {}

  /**
   * The end of a run.
   *
   * @param expiredAt the deadline that it met, in milliseconds; only a time-out asks for it
   */
  record Question(Claim claim, Start start, String node, End end, long expiredAt) {}

  private static final String FINISH =
      "update lanyard_task set state = ?, finished_at = ?, deadline = null, error = ?, result = ?,"
          + " progress = case when ? = 'COMPLETED' then 100 else progress end"
          + Changes.RUN_CONDITION
          + Guard.COMPLETE; // that is: it runs, whatever it comes to

  private static final String NOT_CANCELLED = " and cancel_requested_at is null";

  private final ClaimRows claims;

  Ends(ClaimRows claims) {
    this.claims = claims;
  }

  @Override
  public @Nullable State alone(Tx tx, Question question) throws SQLException {
    Start start = question.start;
    if (!question.claim.remove(tx, start, question.node)) {
      return afterwards(tx, start, question.node);
    }
    return write(tx, question);
  }

  /** Those that completed: the others may have something below them that is to be cancelled. */
  @Override
  public IdentityHashMap<Question, @Nullable State> together(Tx tx, List<Question> questions)
      throws SQLException {
    List<Question> completed =
        questions.stream().filter(each -> each.end.change == State.Change.COMPLETE).toList();
    List<Question> removed = Claim.remove(tx, completed);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Question each : removed) {
      rows.add(values(tx, each.start, each.node, State.COMPLETED, null, each.end.result));
    }
    var written = new IdentityHashMap<Question, @Nullable State>();
    if (rows.isEmpty()) return written;
    int[] finished = tx.session.batch(FINISH + NOT_CANCELLED, rows);
    for (int i = 0; i < finished.length; i++) {
      Question each = removed.get(i);
      if (finished[i] == 1) {
        event(tx, each.start, each.node, State.COMPLETED, null);
        written.put(each, State.COMPLETED);
      } else {
        written.put(each, write(tx, each));
      }
    }
    return written;
  }

  /** The claim is gone. */
  private @Nullable State write(Tx tx, Question question) throws SQLException {
    Start start = question.start;
    String node = question.node;
    End end = question.end;
    State to = State.RUNNING.on(end.change());
    String guard = NOT_CANCELLED;
    if (to == State.TIMED_OUT) {
      guard += " and (deadline is null or deadline <= " + question.expiredAt + ")";
    }
    State written = finish(tx, start, node, to, guard, end.error(), end.result());
    if (written != null) return written;
    Look look = Look.at(tx, start.task().id());
    if (look == null || !look.isRunning(start, node)) return null;
    if (look.cancelled()) {
      return finish(tx, start, node, State.CANCELLED, "", end.error(), null);
    }
    // An extension was committed in time, but this node was told too late: it gets its time.
    Changes.lose(tx, start.task().id(), "its deadline was moved");
    claims.again(tx, start.task());
    return State.PENDING;
  }

  /** When the answer to a commit was lost, the change is asked for again. */
  private static @Nullable State afterwards(Tx tx, Start start, String node) throws SQLException {
    Look look = Look.at(tx, start.task().id());
    if (look == null || !look.isOf(start, node)) return null;
    return look.state() == State.RUNNING ? null : look.state();
  }

  static @Nullable State finish(
      Tx tx,
      Start start,
      String node,
      State to,
      String condition,
      @Nullable String error,
      @Nullable String result)
      throws SQLException {
    Integer children =
        tx.session.first(
            FINISH + condition + " returning children",
            row -> row.getInt(1),
            values(tx, start, node, to, error, result));
    if (children == null) return null;
    event(tx, start, node, to, error);
    if (to != State.COMPLETED && children > 0) {
      Cancels.below(tx, start.path(), "its parent is " + to + ": " + start.task().name());
    }
    return to;
  }

  private static @Nullable Object[] values(
      Tx tx, Start start, String node, State to, @Nullable String error, @Nullable String result) {
    return new @Nullable Object[] {
      to.name(),
      tx.now,
      Texts.cut(error, 4000),
      result,
      to.name(),
      start.task().id(),
      start.run(),
      node
    };
  }

  private static void event(Tx tx, Start start, String node, State to, @Nullable String error) {
    StoredTask task = start.task();
    Instant started = task.startedAt();
    tx.event(
        StoredEvent.Type.valueOf(to.name()),
        task.id(),
        to,
        task.attempt(),
        node,
        error,
        started == null ? null : tx.now - started.toEpochMilli());
  }

  // ---- Not yet an end

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
            "update lanyard_task set state = 'RETRYING', run_at = ?, error = ?"
                + Changes.RUN_CONDITION
                + Guard.RETRY
                + NOT_CANCELLED
                + " returning children",
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
    if (Changes.lose(tx, start.task().id(), why)) return State.PENDING;
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
}
