package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is read from the database. */
final class Queries {
  @FunctionalInterface
  interface Question<T extends @Nullable Object> {
    T ask(Session session) throws SQLException;
  }

  /** What a node must know of a task that runs there. */
  record Signal(
      String id,
      int run,
      @Nullable Instant cancelledAt,
      @Nullable String cause,
      @Nullable String by,
      @Nullable Instant deadline) {}

  private final Connections connections;

  Queries(Connections connections) {
    this.connections = connections;
  }

  <T extends @Nullable Object> T read(Question<T> question) {
    try (Connection connection = connections.reader();
        var session = new Statements(connection)) {
      return question.ask(session.session);
    } catch (SQLException failed) {
      throw new StoreException("the database cannot be read: " + Texts.failure(failed), failed);
    }
  }

  /** Closes statements, and leaves the connection to the pool. */
  private record Statements(Session session) implements AutoCloseable {
    Statements(Connection connection) {
      this(new Session(connection));
    }

    @Override
    public void close() {
      session.closeStatements();
    }
  }

  // ---- Tasks

  Optional<StoredTask> find(String id) {
    return Optional.ofNullable(this.<@Nullable StoredTask>read(session -> Rows.find(session, id)));
  }

  List<StoredTask> tree(String id, int limit) {
    return read(session -> {
      String root =
          session.first(
              "select root_id from lanyard_task where id = ?", row -> row.getString(1), id);
      if (root == null) return List.of();
      return session.query(
          "select "
              + Rows.BRIEF
              + " from lanyard_task where path >= ? and path < ? order by path limit ?",
          Rows::brief,
          root + "/",
          root + "0",
          limit);
    });
  }

  TaskPage list(TaskFilter filter, TaskOrder order, @Nullable String cursor, int limit) {
    var listing = new Listing(filter, order, cursor, limit + 1);
    List<StoredTask> found =
        read(session -> session.query(listing.sql(), Rows::brief, listing.values()));
    if (found.size() <= limit) return new TaskPage(found, null);
    List<StoredTask> page = found.subList(0, limit);
    return new TaskPage(page, Listing.cursor(order, page.getLast()));
  }

  long count(TaskFilter filter, long limit) {
    var condition = new Condition(filter);
    List<@Nullable Object> values = new ArrayList<>(condition.values());
    values.add(limit);
    Long count =
        this.<@Nullable Long>read(session ->
            session.first(
                "select count(*) from (select 1 from lanyard_task"
                    + condition.sql()
                    + " limit ?) found",
                row -> row.getLong(1),
                values.toArray()));
    return count == null ? 0 : count;
  }

  /**
   * For steps over many tasks: live or ended ones, by id, after the last that was seen. The states
   * must not lead SQLite to an index: it would sort all of them by id in each step.
   */
  List<String> ids(TaskFilter filter, String states, String after, int limit) {
    var filtered = new Condition(filter);
    List<@Nullable Object> values = new ArrayList<>(filtered.values());
    values.add(after);
    values.add(limit);
    return read(session ->
        session.query(
            "select id from lanyard_task"
                + (filtered.sql().isEmpty() ? " where " : filtered.sql() + " and ")
                + (isFile() ? "+" : "")
                + states
                + " and id > ? order by id limit ?",
            row -> row.getString(1),
            values.toArray()));
  }

  Counts counts() {
    Map<State, Long> counts = new EnumMap<>(State.class);
    for (State state : State.values()) counts.put(state, 0L);
    read(session ->
            session.query(
                "select state, count(*) from lanyard_task group by state",
                row -> Map.entry(State.valueOf(row.getString(1)), row.getLong(2))))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return new Counts(counts);
  }

  Optional<Instant> oldestPending() {
    return Optional.ofNullable(
        this.<@Nullable Instant>read(session ->
            session
                .query(
                    "select run_at from lanyard_task where state = 'PENDING' order by run_at"
                        + " limit 1",
                    row -> Instant.ofEpochMilli(row.getLong(1)))
                .stream()
                .findFirst()
                .orElse(null)));
  }

  /** Of these, those that have ended or are not there. */
  List<String> ended(List<String> ids) {
    List<String> live =
        read(session ->
            session.query(
                "select id from lanyard_task where id in ("
                    + Session.marks(ids.size())
                    + ") and finished_at is null",
                row -> row.getString(1),
                Session.padded(ids)));
    var ended = new ArrayList<>(ids);
    ended.removeAll(live);
    return ended;
  }

  // ---- Nodes

  List<Signal> signals(String node) {
    return read(session ->
        session.query(
            "select id, runs, cancel_requested_at, cancel_cause, cancel_by, deadline from"
                + " lanyard_task where state = 'RUNNING' and node = ?",
            row ->
                new Signal(
                    row.getString("id"),
                    row.getInt("runs"),
                    Rows.instant(row, "cancel_requested_at"),
                    row.getString("cancel_cause"),
                    row.getString("cancel_by"),
                    Rows.instant(row, "deadline")),
            node));
  }

  boolean paused() {
    return Boolean.TRUE.equals(
        this.<@Nullable Boolean>read(session ->
            session.first(
                "select value from lanyard_control where name = 'paused'",
                row -> row.getString(1).equals("true"))));
  }

  /** Whether something that waits has a moment that has come. */
  boolean hasOverdue(long now) {
    return read(session ->
        !session
                .query(
                    overdue("lanyard_task_scheduled")
                        + " state = 'SCHEDULED' and run_at <= ? limit 1",
                    row -> row.getString(1),
                    now)
                .isEmpty()
            || !session
                .query(
                    overdue("lanyard_task_retrying")
                        + " state = 'RETRYING' and deadline <= ? limit 1",
                    row -> row.getString(1),
                    now)
                .isEmpty());
  }

  private String overdue(String index) {
    return overdue(isFile(), index);
  }

  /** SQLite would rather read all of a state in the index that has more of the columns. */
  static String overdue(boolean file, String index) {
    return "select id from lanyard_task" + (file ? " indexed by " + index : "") + " where";
  }

  private boolean isFile() {
    return connections.engine() == Database.Engine.SQLITE;
  }

  List<Node> nodes(long now, boolean paused) {
    return read(session ->
        session.query(
            "select * from lanyard_node order by started_at, id",
            row -> {
              long heartbeat = row.getLong("heartbeat_at");
              Node.Status status = Node.Status.valueOf(row.getString("status"));
              if (heartbeat + row.getLong("lost_after_ms") < now) status = Node.Status.LOST;
              else if (paused && status == Node.Status.ACTIVE) status = Node.Status.PAUSED;
              return new Node(
                  row.getString("id"),
                  row.getString("host"),
                  row.getLong("pid"),
                  Instant.ofEpochMilli(row.getLong("started_at")),
                  Instant.ofEpochMilli(heartbeat),
                  row.getInt("slots"),
                  row.getInt("running"),
                  status,
                  row.getString("version"));
            }));
  }

  // ---- Events

  List<StoredEvent> story(String id) {
    return read(session ->
        session.query(
            "select "
                + Rows.EVENT
                + " from lanyard_task_event e join lanyard_task t on t.id = e.task_id where"
                + " e.task_id = ? order by e.id",
            Rows::event,
            id));
  }

  List<StoredEvent> eventsAfter(long id, int limit) {
    return read(session ->
        session.query(
            "select "
                + Rows.EVENT
                + " from lanyard_task_event e join lanyard_task t on t.id = e.task_id where e.id"
                + " > ? order by e.id limit ?",
            Rows::event,
            id,
            limit));
  }

  List<StoredEvent> eventsBetween(long first, long last, int limit) {
    return read(session ->
        session.query(
            "select "
                + Rows.EVENT
                + " from lanyard_task_event e join lanyard_task t on t.id = e.task_id where e.id"
                + " between ? and ? order by e.id limit ?",
            Rows::event,
            first,
            last,
            limit));
  }

  long lastEvent() {
    return extreme("max");
  }

  long firstEvent() {
    return extreme("min");
  }

  private long extreme(String which) {
    Long id =
        this.<@Nullable Long>read(session ->
            session.first(
                "select coalesce(" + which + "(id), 0) from lanyard_task_event",
                row -> row.getLong(1)));
    return id == null ? 0 : id;
  }

  /** Tasks that run and whose progress was written after a moment. */
  List<StoredTask> progressedAfter(long moment) {
    return read(session ->
        session.query(
            "select "
                + Rows.BRIEF
                + " from lanyard_task where state = 'RUNNING' and progress_at > ? limit 500",
            Rows::brief,
            moment));
  }
}
