package dev.lanyard.durable;

import dev.lanyard.tasks.Retry;
import dev.lanyard.tasks.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of the tables as records. */
final class Rows {
  /** For lists. */
  static final String BRIEF =
      "id, name, kind, state, priority, critical, parent_id, root_id, children, attempt,"
          + " max_attempts, retry_base_ms, retry_cap_ms, timeout_ms, progress, note, created_at,"
          + " run_at, started_at, finished_at, deadline, cancel_requested_at, cancel_cause,"
          + " cancel_by, node, request_id, traceparent, tracestate, baggage, unique_key, error";

  static final String FULL = BRIEF + ", payload, result";

  /** With what only nodes need. */
  static final String RUNNABLE = FULL + ", path, fork, runs";

  static final String EVENT =
      "e.id, e.at, e.task_id, e.type, e.state as after_it, e.attempt, e.node, e.text, t.name,"
          + " t.kind, t.parent_id, t.root_id, t.priority, t.progress, t.deadline, t.run_at,"
          + " t.request_id";

  private Rows() {}

  static @Nullable StoredTask find(Session session, String id) throws SQLException {
    return session.first("select " + FULL + " from lanyard_task where id = ?", Rows::full, id);
  }

  /** Of these, in any order. */
  static List<Start> runnable(Tx tx, List<String> ids) throws SQLException {
    if (ids.isEmpty()) return List.of();
    return tx.session.query(
        "select " + RUNNABLE + " from lanyard_task where id in (" + Session.marks(ids.size()) + ")",
        Start::of,
        Session.padded(ids));
  }

  /** One that is there. */
  static StoredTask task(Tx tx, String id) throws SQLException {
    return Objects.requireNonNull(find(tx.session, id));
  }

  static String path(Tx tx, String id) throws SQLException {
    return Objects.requireNonNull(
        tx.session.first(
            "select path from lanyard_task where id = ?", row -> row.getString(1), id));
  }

  static StoredTask brief(ResultSet row) throws SQLException {
    return task(row, null, null);
  }

  static StoredTask full(ResultSet row) throws SQLException {
    return task(row, row.getString("payload"), row.getString("result"));
  }

  private static StoredTask task(ResultSet row, @Nullable String payload, @Nullable String result)
      throws SQLException {
    return new StoredTask(
        row.getString("id"),
        row.getString("name"),
        row.getString("kind"),
        payload,
        State.valueOf(row.getString("state")),
        row.getInt("priority"),
        row.getInt("critical") == 1,
        row.getString("parent_id"),
        row.getString("root_id"),
        row.getInt("children"),
        row.getInt("attempt"),
        new Retry(
            row.getInt("max_attempts"),
            Duration.ofMillis(row.getLong("retry_base_ms")),
            Duration.ofMillis(row.getLong("retry_cap_ms"))),
        Duration.ofMillis(row.getLong("timeout_ms")),
        row.getInt("progress"),
        row.getString("note"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("run_at")),
        instant(row, "started_at"),
        instant(row, "finished_at"),
        instant(row, "deadline"),
        instant(row, "cancel_requested_at"),
        row.getString("cancel_cause"),
        row.getString("cancel_by"),
        row.getString("node"),
        new Trace(
            row.getString("request_id"),
            row.getString("traceparent"),
            row.getString("tracestate"),
            row.getString("baggage")),
        row.getString("unique_key"),
        row.getString("error"),
        result);
  }

  static StoredEvent event(ResultSet row) throws SQLException {
    return new StoredEvent(
        row.getLong("id"),
        Instant.ofEpochMilli(row.getLong("at")),
        row.getString("task_id"),
        StoredEvent.Type.valueOf(row.getString("type")),
        State.valueOf(row.getString("after_it")),
        row.getInt("attempt"),
        row.getString("node"),
        row.getString("text"),
        row.getString("name"),
        row.getString("kind"),
        row.getString("parent_id"),
        row.getString("root_id"),
        row.getInt("priority"),
        row.getInt("progress"),
        instant(row, "deadline"),
        Instant.ofEpochMilli(row.getLong("run_at")),
        row.getString("request_id"));
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long number = row.getLong(column);
    return row.wasNull() ? null : number;
  }
}
