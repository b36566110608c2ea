package dev.lanyard.durable;

import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepository;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.RescheduleUpdate;
import java.time.Instant;

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

  /** The task has ended; false if this claim is not worth anything any more. */
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
