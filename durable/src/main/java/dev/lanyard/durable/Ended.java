package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row that was just written while nobody ran its task, as {@code returning} gives it. */
record Ended(String id, String kind, State state, int attempt, @Nullable Long started) {
  static final String COLUMNS = "id, kind, state, attempt, started_at";

  static Ended of(ResultSet row) throws SQLException {
    return new Ended(
        row.getString("id"),
        row.getString("kind"),
        State.valueOf(row.getString("state")),
        row.getInt("attempt"),
        Rows.number(row, "started_at"));
  }

  /** Nobody shall claim them, and everybody hear of it. */
  static void tell(Tx tx, List<Ended> tasks, @Nullable String text) throws SQLException {
    ClaimRows.delete(tx, tasks);
    for (Ended task : tasks) {
      tx.event(
          StoredEvent.Type.valueOf(task.state.name()),
          task.id,
          task.state,
          task.attempt,
          null,
          text,
          task.started == null ? null : tx.now - task.started);
    }
  }
}
