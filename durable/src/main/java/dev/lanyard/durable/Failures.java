package dev.lanyard.durable;

import java.sql.SQLException;

/** What a failure of the database means for a change that was not committed. */
final class Failures {
  private static final int SQLITE_CONSTRAINT = 19;

  /** What was looked at has changed before it was written: to be looked at again. */
  static final class LateConflict extends SQLException {
    private static final long serialVersionUID = 1;
  }

  /**
   * There is no connection: to wait for one for each change would only keep all of them waiting.
   */
  static final class Unreachable extends Exception {
    private static final long serialVersionUID = 1;

    Unreachable(SQLException cause) {
      super("the database cannot be reached: " + Texts.failure(cause), cause);
    }
  }

  private Failures() {}

  /** What the driver threw, where db-scheduler has put it into an exception of its own. */
  static Throwable unwrapped(Throwable failure) {
    if (failure instanceof StoreException) return failure;
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SQLException) return each;
    }
    return failure;
  }

  /** What whoever asked for the change gets to see. */
  static Throwable asSeen(Throwable failure) {
    if (failure instanceof Unreachable unreachable) {
      return new StoreException(String.valueOf(unreachable.getMessage()), unreachable.getCause());
    }
    if (failure instanceof SQLException sql) {
      return new StoreException("the database refused a change: " + sql.getMessage(), sql);
    }
    return failure;
  }

  /** What was certainly not committed and may go well the next time. */
  static boolean isWorthAnotherTry(Throwable failure) {
    if (failure instanceof StoreException known) return !known.isUnknown() && isBroken(known);
    return failure instanceof SQLException sql
        && ("40P01".equals(sql.getSQLState())
            || "40001".equals(sql.getSQLState())
            || isBroken(sql)
            || isConflict(sql));
  }

  /** Two wanted the same id or key at the same moment. */
  static boolean isConflict(SQLException failure) {
    String state = failure.getSQLState();
    return failure instanceof LateConflict
        || (state != null && state.startsWith("23"))
        || failure.getErrorCode() == SQLITE_CONSTRAINT;
  }

  /** A row was not to be had within {@link PostgresConnections#begin the time for that}. */
  static boolean isLocked(Throwable failure) {
    return failure instanceof SQLException sql && "55P03".equals(sql.getSQLState());
  }

  /** The connection is worth nothing any more. */
  static boolean isBroken(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql) {
        String state = sql.getSQLState();
        if (state != null && (state.startsWith("08") || state.startsWith("57P"))) return true;
      }
    }
    return false;
  }
}
