package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.sql.ResultSet;
import java.sql.SQLException;
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

  /** Nobody shall claim it, and everybody hear of it. */
  void tell(Tx tx, @Nullable String text) throws SQLException {
    ClaimRows.delete(tx, kind, id);
    tx.event(
        StoredEvent.Type.valueOf(state.name()),
        id,
        state,
        attempt,
        null,
        text,
        started == null ? null : tx.now - started);
  }
}
