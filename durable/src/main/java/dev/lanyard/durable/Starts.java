package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A claimed task begins to run. Under the invariants of {@link Changes}. */
final class Starts implements Journal.Sort<Starts.Question, @Nullable Start> {
  /** The longest that a task of this node may take is in milliseconds. */
  record Question(Claim claim, String node, long maxTimeoutMillis) {}

  private static final String MOVE =
      "update lanyard_task set state = 'RUNNING', attempt = attempt + 1, runs = runs + 1, node = ?,"
          + " started_at = coalesce(started_at, ?), progress = 0, note = null,"
          + " progress_at = null, max_deadline = coalesce(max_deadline, ? + longest_ms),"
          + " deadline = coalesce(deadline, ? + case when timeout_ms < ? then timeout_ms"
          + " else ? end) where id = ? and cancel_requested_at is null and "
          + Guard.START
          + " and (state <> 'RETRYING' or deadline is null or deadline > ?) and "
          + Claim.HELD;

  /** Null if there is nothing to run: then its claim is gone too. */
  @Override
  public @Nullable Start alone(Tx tx, Question question) throws SQLException {
    Claim claim = question.claim;
    for (int tries = 0; tries < 3; tries++) {
      Start started = move(tx, question);
      if (started != null) return started;
      if (!claim.isHeld(tx)) return null; // another node has it, and perhaps runs the task
      Look look = Look.at(tx, claim.id());
      if (look == null || look.state().isTerminal()) {
        claim.remove();
        return null;
      }
      if (look.state() == State.SCHEDULED) {
        Changes.due(tx, claim.id());
      } else if (look.state() == State.RUNNING) {
        // Its claim was given up, but not its row: the node that runs it was cut off in between.
        Changes.lose(tx, claim.id(), "its claim was lost");
      } else if (Changes.timeOutWaiting(tx, claim.id())) {
        return null;
      }
      // Otherwise it has just become due elsewhere.
    }
    return null;
  }

  @Override
  public IdentityHashMap<Question, @Nullable Start> together(Tx tx, List<Question> questions)
      throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Question question : questions) rows.add(values(tx, question));
    int[] moved = tx.session.batch(MOVE, rows);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < moved.length; i++) {
      if (moved[i] == 1) ids.add(questions.get(i).claim.id());
    }
    Map<String, Start> starts = new HashMap<>();
    for (Start start : Rows.runnable(tx, ids)) starts.put(start.task().id(), start);
    var begun = new IdentityHashMap<Question, @Nullable Start>();
    for (int i = 0; i < moved.length; i++) {
      if (moved[i] != 1) continue;
      Question question = questions.get(i);
      Start start = Objects.requireNonNull(starts.get(question.claim.id()));
      begun.put(question, begin(tx, start, question.node));
    }
    return begun;
  }

  private static @Nullable Start move(Tx tx, Question question) throws SQLException {
    Start start =
        tx.session.first(MOVE + " returning " + Rows.RUNNABLE, Start::of, values(tx, question));
    return start == null ? null : begin(tx, start, question.node);
  }

  private static @Nullable Object[] values(Tx tx, Question question) {
    @Nullable Object[] held = question.claim.row();
    long most = question.maxTimeoutMillis;
    return new @Nullable Object[] {
      question.node,
      tx.now,
      tx.now,
      tx.now,
      most,
      most,
      question.claim.id(),
      tx.now,
      held[0],
      held[1],
      held[2],
      held[3]
    };
  }

  private static Start begin(Tx tx, Start moved, String node) throws SQLException {
    Start start = moved.fork() ? capped(tx, moved) : moved;
    StoredTask task = start.task();
    tx.event(StoredEvent.Type.STARTED, task.id(), State.RUNNING, task.attempt(), node, null, null);
    return start;
  }

  /** A fork has no more time than the attempt that forked it. */
  private static Start capped(Tx tx, Start start) throws SQLException {
    Start capped =
        tx.session.first(
            "update lanyard_task set deadline = (select p.deadline from lanyard_task p where p.id ="
                + " lanyard_task.parent_id) where id = ? and deadline > (select p.deadline from"
                + " lanyard_task p where p.id = lanyard_task.parent_id) returning "
                + Rows.RUNNABLE,
            Start::of,
            start.task().id());
    return capped == null ? start : capped;
  }
}
