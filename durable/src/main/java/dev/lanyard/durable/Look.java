package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A look at a row, to find out why a guarded update has written nothing. */
record Look(
    State state, int runs, @Nullable String node, boolean cancelled, @Nullable Long deadline) {
  /** Null if there is no such task. */
  static @Nullable Look at(Tx tx, String id) throws SQLException {
    return tx.session.first(
        "select state, runs, node, cancel_requested_at, deadline from lanyard_task where id = ?",
        Look::of,
        id);
  }

  private static Look of(ResultSet row) throws SQLException {
    return new Look(
        State.valueOf(row.getString("state")),
        row.getInt("runs"),
        row.getString("node"),
        Rows.number(row, "cancel_requested_at") != null,
        Rows.number(row, "deadline"));
  }

  /** Whether this run still has the task: nobody else was given it, and it has not ended. */
  static boolean isRunning(Tx tx, Start start, String node) throws SQLException {
    Look look = at(tx, start.task().id());
    return look != null && look.isRunning(start, node);
  }

  boolean isRunning(Start start, String node) {
    return state == State.RUNNING && isOf(start, node);
  }

  /** Whether this run was the last to have it, ended or not. */
  boolean isOf(Start start, String node) {
    return runs == start.run() && node.equals(this.node);
  }
}
