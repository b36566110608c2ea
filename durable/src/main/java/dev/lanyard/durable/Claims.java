package dev.lanyard.durable;

import com.github.kagkarlsson.scheduler.CurrentlyExecuting;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.TaskResolver;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.event.SchedulerListeners;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepository;
import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepositoryContext;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.SqliteJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.AbstractTask;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;

/**
 * Everything that db-scheduler does for a node: which task is claimed next, by whom, the leases,
 * the heartbeats, and who is given up. Only the files whose names begin with Claim know that
 * library: another engine would take their place.
 *
 * <p>Our kinds are its tasks, so that a node looks only for kinds that it knows and that are not at
 * their limit; that goes into the condition of its query. On PostgreSQL it locks exactly as many
 * rows as there are free workers: rows that it had in stock would be in nobody's hands. On SQLite
 * it reads candidates and locks each when its turn comes; when it reads again, older candidates are
 * void, so that the most urgent is next even with many in stock.
 */
final class Claims {
  /** What a node does with claims. */
  interface Node {
    /** On a thread of the slots; returns when the task no longer needs one. */
    void run(Claim claim);

    /** A node was not heard of for too long: perhaps this one. */
    void lost(Claim claim, String node);

    /** A lease could not be renewed, for whatever reason. */
    void doubt();

    boolean takes(String kind);
  }

  /** How many candidates are read at once on SQLite, for each worker. */
  private static final double STOCK = 6;

  private final Node node;
  private final Slots slots;
  private final Collection<String> kinds;
  private final Scheduler scheduler;
  private final JdbcTaskRepository rows;

  /** The least urgent priority that was ever seen; it only decides how eagerly to look. */
  private volatile int leastUrgent;

  Claims(
      Connections connections,
      ServerClock clock,
      DurableSettings settings,
      String nodeId,
      Slots slots,
      Node node) {
    this.node = node;
    this.slots = slots;
    kinds = settings.kinds().keySet();
    boolean file = connections.engine() == Database.Engine.SQLITE;
    JdbcCustomization dialect = file ? new OfFile() : new OfServer();
    List<Task<?>> tasks = settings.kinds().keySet().stream().<Task<?>>map(KindTask::new).toList();
    rows =
        new JdbcTaskRepository(
            connections.forClaims(),
            true,
            dialect,
            ClaimRows.TABLE,
            new TaskResolver(new SchedulerListeners(List.of()), clock::instant, tasks),
            new SchedulerName.Fixed(nodeId),
            true,
            clock::instant);
    var builder =
        Scheduler.create(connections.forClaims(), new ArrayList<>(tasks))
            .tableName(ClaimRows.TABLE)
            .threads(settings.workers())
            .executorService(slots)
            .dueExecutor(Executors.newSingleThreadExecutor(daemon("lanyard-claims")))
            .housekeeperExecutor(Executors.newScheduledThreadPool(2, daemon("lanyard-leases")))
            .pollingInterval(settings.poll())
            .heartbeatInterval(settings.heartbeat())
            .missedHeartbeatsLimit(settings.missedHeartbeats())
            .schedulerName(new SchedulerName.Fixed(nodeId))
            .enablePriority()
            .jdbcCustomization(dialect)
            .clock(clock::instant)
            // It would take kinds of other nodes for tasks that are no longer known.
            .deleteUnresolvedAfter(Duration.ofDays(36_500))
            .shutdownMaxWait(Duration.ofMillis(100))
            .failureLogging(LogLevel.WARN, true)
            .addSchedulerListener(new Doubts());
    // The upper bound of the second is out of reach: how many to lock is decided below.
    builder = file ? builder.pollUsingFetch(0.5, STOCK) : builder.pollUsingLockAndFetch(0.5, 1_000);
    scheduler = builder.build();
  }

  private static ThreadFactory daemon(String name) {
    return Thread.ofPlatform().daemon().name(name, 0).factory();
  }

  void start() {
    scheduler.start();
  }

  /** Looks for due tasks now, or once more if it is just looking. */
  void look() {
    scheduler.triggerCheckForDueExecutions();
  }

  /** Tasks of these priorities came in: to be looked for if that can change what is next. */
  void cameIn(int best, int worst) {
    boolean mayBeNext = best < leastUrgent;
    leastUrgent = Math.max(leastUrgent, worst);
    if (mayBeNext || slots.available() > 0) look();
  }

  /** No more claims, leases and heartbeats; what is running is no longer waited for. */
  void stop() {
    scheduler.stop();
  }

  private List<String> wanted() {
    return kinds.stream().filter(node::takes).toList();
  }

  /**
   * The road along the index of priorities must be the only one: over the primary key, all that
   * waits of a kind would be read and sorted for each look. Hence what stands around the column: no
   * index has it, and the planners still know how much it lets through.
   */
  private static String kinds(List<String> kinds) {
    return kinds.stream()
        .map(kind -> "'" + kind.replace("'", "''") + "'")
        .collect(Collectors.joining(",", "(", ")"));
  }

  /** As db-scheduler has it, but who came first is first: that is the order of the index. */
  static String dueInFile(List<String> kinds, String more, String limit) {
    return "select * from lanyard_scheduled_tasks indexed by lanyard_priority_execution_time_idx"
        + " where picked = ? and execution_time <= ? "
        + more
        + (kinds.isEmpty() ? " and 1 = 0 " : " and +task_name in " + kinds(kinds))
        + " order by priority desc, execution_time asc, rowid asc limit "
        + limit;
  }

  static String dueInServer(List<String> kinds) {
    return "select task_name, task_instance from lanyard_scheduled_tasks"
        + " where picked = false and execution_time <= ?"
        + " and (task_name in "
        + kinds(kinds)
        + ") is true order by priority desc, execution_time asc limit ?";
  }

  private final class OfFile extends SqliteJdbcCustomization {
    @Override
    public String createSelectDueQuery(
        String table, int limit, String condition, boolean byPriority) {
      return dueInFile(wanted(), condition, Integer.toString(limit));
    }
  }

  private final class OfServer extends PostgreSqlJdbcCustomization {
    OfServer() {
      super(false, false);
    }

    @Override
    public List<Execution> lockAndFetchSingleStatement(
        JdbcTaskRepositoryContext context, Instant now, int limit, boolean byPriority) {
      int free = slots.available();
      List<String> wanted = free == 0 ? List.of() : wanted();
      if (wanted.isEmpty()) return List.of();
      // With the rows that are to be locked in a query of their own, which is run once: a subquery
      // may be run again for each row, and skips other rows then. It does not wait for the disk: a
      // claim that a crash of the server takes back is one that was never made, and whatever is
      // written under it is written after it.
      String sql =
          "with due as materialized ("
              + dueInServer(wanted)
              + " for update skip locked)"
              + ", hasty as materialized (select set_config('synchronous_commit', 'off', true))"
              + " update lanyard_scheduled_tasks s set picked = true, picked_by = ?,"
              + " last_heartbeat = ?,"
              + " version = version + 1 from due, hasty where s.task_name = due.task_name"
              + " and s.task_instance = due.task_instance returning s.*";
      List<Execution> locked =
          context.jdbcRunner.query(
              sql,
              statement -> {
                setInstant(statement, 1, now);
                statement.setInt(2, free);
                statement.setString(3, context.schedulerName.getName());
                setInstant(statement, 4, now);
              },
              context.resultSetMapper.get());
      var urgent = new ArrayList<>(locked);
      urgent.sort((one, other) -> {
        int byUrgency =
            Integer.compare(other.taskInstance.getPriority(), one.taskInstance.getPriority());
        return byUrgency != 0 ? byUrgency : one.executionTime.compareTo(other.executionTime);
      });
      return urgent;
    }
  }

  /** One of our kinds, as a task of db-scheduler's. */
  private final class KindTask extends AbstractTask<Void> {
    KindTask(String kind) {
      super(
          kind,
          Void.class,
          (_, _) -> {},
          (complete, _) -> {
            Execution dead = complete.getExecution();
            node.lost(new Claim(rows, dead), dead.pickedBy);
          });
    }

    @Override
    public CompletionHandler<Void> execute(TaskInstance<Void> instance, ExecutionContext context) {
      node.run(new Claim(rows, context.getExecution()));
      // The run has written everything, together with what it wrote itself.
      return (_, _) -> {};
    }

    @Override
    public SchedulableInstance<Void> schedulableInstance(String id) {
      throw new UnsupportedOperationException("tasks are submitted to the store");
    }

    @Override
    public SchedulableInstance<Void> schedulableInstance(String id, Void data) {
      return schedulableInstance(id);
    }
  }

  private final class Doubts extends AbstractSchedulerListener {
    @Override
    public void onExecutionFailedHeartbeat(CurrentlyExecuting execution) {
      node.doubt();
    }
  }
}
