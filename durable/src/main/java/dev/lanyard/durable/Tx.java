package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction in which tasks change. Events are gathered and written at its end, in one batch, so
 * that they cost little and their ids are young when it commits.
 */
final class Tx {
  /** The transaction of this thread: what db-scheduler writes meanwhile goes into it. */
  static final ScopedValue<Tx> CURRENT = ScopedValue.newInstance();

  static final String SIGNAL_CHANNEL = "lanyard_signal";
  static final String READY_CHANNEL = "lanyard_ready";

  private static final String INSERT_EVENT =
      "insert into lanyard_task_event (at, task_id, type, state, attempt, node, text, took_ms)"
          + " values (?, ?, ?, ?, ?, ?, ?, ?)";

  final Session session;
  final long now;
  private final Database.Engine engine;
  private final List<@Nullable Object[]> events = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();
  private int turns;
  private boolean signal;
  private boolean ready;
  private int bestPriority = Integer.MAX_VALUE;
  private int worstPriority;

  Tx(Session session, long now, Database.Engine engine) {
    this.session = session;
    this.now = now;
    this.engine = engine;
  }

  /** SQLite needs to be told which index to use. */
  boolean isInFile() {
    return engine == Database.Engine.SQLITE;
  }

  /** An event of a task, in the state it is in after it. */
  void event(
      StoredEvent.Type type,
      String task,
      State state,
      int attempt,
      @Nullable String node,
      @Nullable String text,
      @Nullable Long tookMillis) {
    if (state.isTerminal()) ended.add(task);
    events.add(
        new @Nullable Object[] {
          now, task, type.name(), state.name(), attempt, node, Texts.cut(text, 4000), tookMillis
        });
  }

  /** Of what is due in the same millisecond, what came first is first. */
  Instant inTurn(long millis) {
    return Instant.ofEpochMilli(millis).plusNanos(Math.min(turns++, 999) * 1_000L);
  }

  /** What runs somewhere was cancelled or given more time. */
  void signal() {
    signal = true;
  }

  /** A task of this priority waits for a worker that did not before. */
  void ready(int priority) {
    ready = true;
    bestPriority = Math.min(bestPriority, priority);
    worstPriority = Math.max(worstPriority, priority);
  }

  boolean signals() {
    return signal;
  }

  boolean isReady() {
    return ready;
  }

  int bestPriority() {
    return bestPriority;
  }

  int worstPriority() {
    return worstPriority;
  }

  /** The tasks that end with it. */
  List<String> ended() {
    return ended;
  }

  boolean hasEvents() {
    return !events.isEmpty();
  }

  /** Before the commit. */
  void flush() throws SQLException {
    if (!events.isEmpty()) session.batch(INSERT_EVENT, events);
    if (isInFile()) return; // nobody else is there to be notified
    if (signal) notify(SIGNAL_CHANNEL);
    if (ready) notify(READY_CHANNEL);
  }

  private void notify(String channel) throws SQLException {
    session.query("select pg_notify(?, '')", _ -> channel, channel);
  }
}
