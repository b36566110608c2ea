package dev.lanyard.durable;

import java.sql.ResultSet;
import java.sql.SQLException;

/** A run of a task, as its row says: {@code run} is its number, and no other has it. */
record Start(StoredTask task, int run, String path, boolean fork) {
  /** Of {@link Rows#RUNNABLE}. */
  static Start of(ResultSet row) throws SQLException {
    return new Start(
        Rows.full(row), row.getInt("runs"), row.getString("path"), row.getInt("fork") == 1);
  }
}
