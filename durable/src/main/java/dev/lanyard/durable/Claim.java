package dev.lanyard.durable;

import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepository;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.RescheduleUpdate;
import java.sql.SQLException;
import java.time.Instant;
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
      "exists (select 1 from scheduled_tasks s where s.task_name = ? and s.task_instance = ?"
          + " and s.version = ? and s.picked_by = ?)";

  /** What {@link #HELD} asks for. */
  @Nullable Object[] row() {
    return new @Nullable Object[] {kind(), id(), execution.version, execution.pickedBy};
  }

  boolean isHeld(Tx tx) throws SQLException {
    return tx.session.first("select 1 where " + HELD, row -> row.getInt(1), row()) != null;
  }

  /** The run has ended; false if this claim, or the run itself, is not worth anything any more. */
  boolean remove(Tx tx, Changes.Start start, String node) throws SQLException {
    int removed =
        tx.session.update(
            "delete from scheduled_tasks where task_name = ? and task_instance = ? and version = ?"
                + " and picked_by = ? and exists (select 1 from task where id = ? and runs = ?"
                + " and node = ? and state = 'RUNNING')",
            kind(),
            id(),
            execution.version,
            execution.pickedBy,
            id(),
            start.run(),
            node);
    return removed == 1;
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
