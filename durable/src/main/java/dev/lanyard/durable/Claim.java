package dev.lanyard.durable;

import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepository;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.RescheduleUpdate;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The right to run a task, as db-scheduler gave it. What it does to its row it does in the
 * transaction of the journal that calls it; it does nothing, and says so, if the row is no longer
 * the one that was claimed: then another node has taken the task, or somebody its row.
 */
final class Claim {
  private final JdbcTaskRepository rows;
  private final Execution execution;

  Claim(JdbcTaskRepository rows, Execution execution) {
    this.rows = rows;
    this.execution = execution;
  }

  String id() {
    return execution.getId();
  }

  String kind() {
    return execution.getTaskName();
  }

  /**
   * A condition of another statement: its row is the one that was claimed. A number of a version
   * alone would not do, for a task that is run again has a new row, with small numbers again.
   */
  static final String HELD =
      "exists (select 1 from lanyard_scheduled_tasks s where s.task_name = ? and s.task_instance"
          + " = ? and s.version = ? and s.picked_by = ?)";

  private static final String REMOVE =
      "delete from lanyard_scheduled_tasks where task_name = ? and task_instance = ? and version"
          + " = ?"
          + " and picked_by = ? and exists (select 1 from lanyard_task where id = ? and runs = ?"
          + " and node = ? and state = 'RUNNING')";

  /** What {@link #HELD} asks for. */
  @Nullable Object[] row() {
    return new @Nullable Object[] {kind(), id(), execution.version, execution.pickedBy};
  }

  boolean isHeld(Tx tx) throws SQLException {
    return tx.session.first("select 1 where " + HELD, row -> row.getInt(1), row()) != null;
  }

  /** The run has ended; false if this claim, or the run itself, is not worth anything any more. */
  boolean remove(Tx tx, Start start, String node) throws SQLException {
    return tx.session.update(REMOVE, values(start, node)) == 1;
  }

  /** As the other; those whose claims were worth something. */
  static List<Ends.Question> remove(Tx tx, List<Ends.Question> runs) throws SQLException {
    if (runs.isEmpty()) return List.of();
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Ends.Question run : runs) rows.add(run.claim().values(run.start(), run.node()));
    int[] counts = tx.session.batch(REMOVE, rows);
    List<Ends.Question> removed = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) if (counts[i] == 1) removed.add(runs.get(i));
    return removed;
  }

  private @Nullable Object[] values(Start start, String node) {
    return new @Nullable Object[] {
      kind(), id(), execution.version, execution.pickedBy, id(), start.run(), node
    };
  }

  /** There is nothing to run; false if this claim is not worth anything any more. */
  boolean remove() {
    try {
      rows.remove(execution);
      return true;
    } catch (ExecutionException notOurs) {
      return false;
    }
  }

  /** The task waits again; false if this claim is not worth anything any more. */
  boolean giveBack(Instant due) {
    try {
      return rows.reschedule(execution, RescheduleUpdate.toExecutionTime(due).build());
    } catch (ExecutionException notOurs) {
      return false;
    }
  }

  /** As if it had never been claimed: for a task that may not run here just now. */
  boolean giveBack() {
    return giveBack(execution.getExecutionTime());
  }
}
