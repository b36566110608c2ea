package dev.lanyard.durable;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * The ways into a database: one for what is written together, one for db-scheduler's own steps, and
 * many for reading.
 */
sealed interface Connections permits SqliteConnections, PostgresConnections {
  Database.Engine engine();

  /** A new connection for the journal, on which only the three below begin and end transactions. */
  Connection openWriter() throws SQLException;

  void begin(Session session) throws SQLException;

  void commit(Session session) throws SQLException;

  void rollback(Session session) throws SQLException;

  /** Nobody else of this process writes until the other call. */
  void enter();

  void leave();

  /** To read; with auto-commit on. To be closed soon. */
  Connection reader() throws SQLException;

  /** For db-scheduler: a connection of the transaction of this thread if there is one. */
  DataSource forClaims();

  /** For what waits for notifications. */
  Connection openListener() throws SQLException;

  void close();
}
