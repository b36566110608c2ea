package dev.lanyard.durable;

import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.TaskResolver;
import com.github.kagkarlsson.scheduler.event.SchedulerListeners;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepository;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.SqliteJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.ScheduledTaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * db-scheduler's rows, seen by who submits and cancels: its tasks are named by our kinds, its
 * instances by our ids. It wants the largest priority first, we the smallest.
 */
final class ClaimRows {
  /** A task that is to be claimed. */
  record Due(String kind, String id, int priority, Instant at) {}

  /** Its own, whoever else uses db-scheduler in this database. */
  static final String TABLE = "lanyard_scheduled_tasks";

  private static final String DELETE =
      "delete from lanyard_scheduled_tasks where task_name = ? and task_instance = ?";

  private final JdbcTaskRepository rows;

  ClaimRows(Connections connections, ServerClock clock) {
    JdbcCustomization dialect =
        connections.engine() == Database.Engine.SQLITE
            ? new SqliteJdbcCustomization()
            : new PostgreSqlJdbcCustomization(false, false);
    var nobody = new SchedulerListeners(List.of());
    rows =
        new JdbcTaskRepository(
            connections.forClaims(),
            true,
            dialect,
            TABLE,
            new TaskResolver(nobody, clock::instant, List.of()),
            new SchedulerName.Fixed("nobody"),
            true,
            clock::instant);
  }

  /** In the transaction of this thread. */
  void insert(List<Due> tasks) {
    var instances = new ArrayList<ScheduledTaskInstance>(tasks.size());
    for (Due task : tasks) {
      var instance =
          new TaskInstance.Builder<Void>(task.kind(), task.id()).priority(-task.priority()).build();
      instances.add(new ScheduledTaskInstance(instance, task.at()));
    }
    rows.createBatch(instances);
  }

  /** A task that had ended, or whose claim was used up, waits again. */
  void again(Tx tx, StoredTask task) {
    insert(List.of(new Due(task.kind(), task.id(), task.priority(), Instant.ofEpochMilli(tx.now))));
    tx.ready(task.priority());
  }

  /** Whoever has claimed it finds that its claim is not worth anything any more. */
  static void delete(Tx tx, String kind, String id) throws SQLException {
    tx.session.update(DELETE, kind, id);
  }

  static void delete(Tx tx, List<Ended> tasks) throws SQLException {
    if (tasks.isEmpty()) return;
    var rows = new ArrayList<@Nullable Object[]>(tasks.size());
    for (Ended task : tasks) rows.add(new @Nullable Object[] {task.kind(), task.id()});
    int[] _ = tx.session.batch(DELETE, rows);
  }
}
