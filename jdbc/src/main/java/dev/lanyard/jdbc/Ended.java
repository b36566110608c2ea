package dev.lanyard.jdbc;

import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a program is told of a call that a context has ended. It is made from the context alone,
 * whatever the driver said and whoever was first: drivers disagree, and so do two runs of a race.
 */
final class Ended {
  /** The SQL standard's "operation cancelled", in PostgreSQL's and H2's numbering. */
  static final String QUERY_CANCELLED = "57014";

  /** The SQL standard's "transaction resolution unknown". */
  static final String RESOLUTION_UNKNOWN = "08007";

  private Ended() {}

  /**
   * Rows or keys that are gone because a statement on the same connection was ended.
   *
   * @param by the context that has ended it; null if they are not gone
   */
  static void throwIfCut(String what, @Nullable Context by) throws SQLException {
    if (by == null) return;
    throw exception(
        what + ", together with a statement on the same connection,", by, QUERY_CANCELLED, null);
  }

  static SQLException exception(String what, ContextException ended) {
    return exception(what, ended, QUERY_CANCELLED, null);
  }

  static SQLException exception(
      String what, Context context, String state, @Nullable Throwable fromDriver) {
    try {
      context.throwIfDone();
    } catch (ContextException ended) {
      return exception(what, ended, state, fromDriver);
    }
    throw new IllegalStateException("the context is live");
  }

  private static SQLException exception(
      String what, ContextException ended, String state, @Nullable Throwable fromDriver) {
    String message = what + " was ended: " + ended.getMessage();
    SQLException result =
        ended.isTimeout()
            ? new SQLTimeoutException(message, state, ended)
            : new SQLException(message, state, ended);
    if (fromDriver != null) result.addSuppressed(fromDriver);
    return result;
  }
}
