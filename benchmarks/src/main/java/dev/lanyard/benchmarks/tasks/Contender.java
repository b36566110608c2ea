package dev.lanyard.benchmarks.tasks;

import java.sql.SQLException;

/** Somebody who runs tasks: open, and waiting for the first one. */
interface Contender extends AutoCloseable {
  /** How to open one on an empty database. */
  interface Opening {
    Contender open(Place place) throws SQLException;
  }

  /** One empty task, which is on the disk when this returns. Called by all clients at once. */
  void submit() throws SQLException;

  /**
   * Whether the database says that all have ended. Asked when the bodies of all have run, as a
   * question in the meantime would be work that no contender has asked for.
   */
  boolean ended(int tasks) throws SQLException;

  @Override
  void close() throws SQLException;
}
