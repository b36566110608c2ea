package dev.lanyard.benchmarks.tasks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.context.TimeSource;
import dev.lanyard.durable.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

/**
 * Db-scheduler alone, which forgets a task that has ended: locks what it fetches on PostgreSQL, as
 * its documentation says for throughput, and is told of new tasks at once.
 */
record DbSchedulerTasks(
    Place place, HikariDataSource pool, Scheduler scheduler, OneTimeTask<Void> nothing)
    implements Contender {
  static Contender open(Place place) throws SQLException {
    place.makeSchedulerTable();
    HikariDataSource pool = place.pool();
    OneTimeTask<Void> nothing = Tasks.oneTime("nothing").execute((_, _) -> Bodies.run());
    var builder =
        Scheduler.create(pool, nothing)
            .threads(SubmitAndRun.SLOTS)
            .pollingInterval(Duration.ofMillis(200))
            .enableImmediateExecution();
    if (place.engine() == Database.Engine.POSTGRESQL) builder.pollUsingLockAndFetch(0.5, 4.0);
    Scheduler scheduler = builder.build();
    scheduler.start();
    return new DbSchedulerTasks(place, pool, scheduler, nothing);
  }

  @Override
  public void submit() {
    scheduler.schedule(
        nothing.instance(UUID.randomUUID().toString()), TimeSource.system().instant());
  }

  @Override
  public boolean ended(int tasks) throws SQLException {
    return place.number("select count(*) from scheduled_tasks") == 0;
  }

  @Override
  public void close() {
    scheduler.stop();
    pool.close();
  }
}
