package dev.lanyard.durable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection with the statements that were prepared on it: SQLite's driver compiles each one anew
 * otherwise. For one thread at a time.
 */
final class Session implements AutoCloseable {
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  Session(Connection connection) {
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement known = statements.get(sql);
    if (known != null && !known.isClosed()) return known;
    // Texts with many values in them differ each time; a bound for what is kept of them.
    if (statements.size() >= 250) closeStatements();
    PreparedStatement made = connection.prepareStatement(sql);
    statements.put(sql, made);
    return made;
  }

  int update(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = prepare(sql);
    bind(statement, values);
    return statement.executeUpdate();
  }

  /** Also for updates with {@code returning}. */
  <T> List<T> query(String sql, Row<T> row, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = prepare(sql);
    bind(statement, values);
    try (ResultSet rows = statement.executeQuery()) {
      List<T> found = new ArrayList<>();
      while (rows.next()) found.add(row.of(rows));
      return found;
    }
  }

  <T> @Nullable T first(String sql, Row<T> row, @Nullable Object... values) throws SQLException {
    List<T> found = query(sql, row, values);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** The same statement for many rows, in as few round trips as the driver can. */
  int[] batch(String sql, List<@Nullable Object[]> rows) throws SQLException {
    PreparedStatement statement = prepare(sql);
    if (rows.size() == 1) {
      bind(statement, rows.getFirst());
      return new int[] {statement.executeUpdate()};
    }
    for (@Nullable Object[] values : rows) {
      bind(statement, values);
      statement.addBatch();
    }
    return statement.executeBatch();
  }

  /** As many as {@link #padded} has values: of a few lengths only, so that texts are met again. */
  static String marks(int count) {
    return String.join(",", Collections.nCopies(padded(count), "?"));
  }

  /** The last one again and again, which means nothing in a list to look something up in. */
  static Object[] padded(List<String> values) {
    Object[] padded = new Object[padded(values.size())];
    for (int i = 0; i < padded.length; i++) padded[i] = values.get(Math.min(i, values.size() - 1));
    return padded;
  }

  private static int padded(int count) {
    return count <= 1 ? 1 : 2 * Integer.highestOneBit(count - 1);
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
  }

  void closeStatements() {
    for (PreparedStatement statement : statements.values()) {
      try {
        statement.close();
      } catch (SQLException ignored) {
        // The connection is about to go, or the driver does it later.
      }
    }
    statements.clear();
  }

  @Override
  public void close() {
    closeStatements();
    try {
      connection.close();
    } catch (SQLException ignored) {
      // It is gone either way.
    }
  }
}
