package dev.lanyard.jdbc;

import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.Registration;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of every call of one connection into its driver: refused if a context has ended,
 * cancelled when one does, never interrupted.
 */
final class DriverCalls {
  private final Connection driver;
  private final @Nullable Context given;
  private final JdbcSettings settings;
  private final @Nullable ServerTimeout serverTimeout;
  private final @Nullable SqliteStatements sqlite;

  /** Fetches that are registered with a context, so that the end of their statement is theirs. */
  private final List<Fetch> fetches = new ArrayList<>(2);

  /** The driver was told to abort the connection; some take no notice, see {@link #isBroken}. */
  private volatile boolean aborted;

  /** A call of this transaction was ended. */
  private volatile boolean cutShort;

  DriverCalls(Connection driver, @Nullable Context given, JdbcSettings settings) {
    this.driver = driver;
    this.given = given;
    this.settings = settings;
    var slack = settings.serverTimeout();
    this.serverTimeout = slack == null ? null : new ServerTimeout(driver, slack);
    this.sqlite = SqliteStatements.of(driver);
  }

  /** A statement is there, or is executed again. */
  void opened(Statement statement) {
    if (sqlite != null) sqlite.opened(statement);
  }

  /** Executing a statement has given rows, which can be asked for. */
  void hasRows(Statement statement) {
    if (sqlite != null) sqlite.hasRows(statement);
  }

  /** A program has asked for rows. */
  void gave(Statement statement, ContextResultSet rows) {
    if (sqlite != null) sqlite.gave(statement, rows);
  }

  void throwIfRowsAreCut(Statement statement) throws SQLException {
    if (sqlite != null) Ended.throwIfCut("the result", sqlite.rowsCutBy(statement));
  }

  void throwIfKeysAreCut(Statement statement) throws SQLException {
    if (sqlite != null) Ended.throwIfCut("the generated keys", sqlite.keysCutBy(statement));
  }

  void closed(Statement statement) {
    stopFetchesOf(statement);
    if (sqlite != null) sqlite.closed(statement);
  }

  private DriverCall newCall() {
    return new DriverCall(driver, settings.grace(), this::cancelIsOver);
  }

  private void cancelIsOver() {
    Cancel.forget(driver);
    if (sqlite == null) return;
    Context current = Context.current();
    Context ended = ended(current);
    sqlite.cutBy(ended == null ? current : ended);
  }

  /** What a statement does that the program executes. */
  <T extends @Nullable Object> T execute(
      Statement statement, String sql, ScopedValue.CallableOp<? extends T, SQLException> operation)
      throws SQLException {
    StatementObserver observer = settings.observer();
    if (observer == null) return executeUnobserved(statement, operation);
    StatementObserver.Observation observation =
        observer.begin(given == null ? Context.current() : given, sql);
    T result;
    try {
      result = executeUnobserved(statement, operation);
    } catch (SQLException | RuntimeException | Error failure) {
      observation.end(failure);
      throw failure;
    }
    observation.end(null);
    return result;
  }

  private <T extends @Nullable Object> T executeUnobserved(
      Statement statement, ScopedValue.CallableOp<? extends T, SQLException> operation)
      throws SQLException {
    ServerTimeout net = serverTimeout;
    if (net == null) return call("the statement", statement, operation);
    Deadline current = Context.current().deadline();
    Deadline deadline = given == null ? current : current.earlierOf(given.deadline());
    return call(
        "the statement",
        statement,
        () -> {
          net.keepBehind(deadline);
          return operation.call();
        });
  }

  /** Work of the connection that takes a statement of its own, or none. */
  <T extends @Nullable Object> T call(
      String what,
      @Nullable Statement statement,
      ScopedValue.CallableOp<? extends T, SQLException> operation)
      throws SQLException {
    return call(what, Ended.QUERY_CANCELLED, statement, operation);
  }

  /**
   * Before the first work of a transaction. PostgreSQL's driver sends {@code BEGIN} ahead of the
   * first statement, and does not wait in between: a cancel that hits {@code BEGIN} would leave
   * that statement to run, and to commit, outside of any transaction. So {@code BEGIN} goes ahead
   * with a statement that does nothing, and is not cancelled. An empty statement would not do: the
   * driver begins no transaction for it.
   */
  void begin() throws SQLException {
    Context current = Context.current();
    if (!isCancellable(current) || driver.getAutoCommit() || !Cancel.isPostgres(driver)) return;
    refuseIfEnded("the transaction", current);
    DriverCall call = DriverCall.whole(driver, settings.grace());
    this.<@Nullable Void>registered(
        "the transaction",
        Ended.QUERY_CANCELLED,
        current,
        call,
        null,
        () -> {
          try (Statement nothing = driver.createStatement()) {
            nothing.execute("select 1");
          }
          return null;
        });
  }

  void commit(ScopedValue.CallableOp<@Nullable Void, SQLException> operation) throws SQLException {
    try {
      call("the commit", Ended.RESOLUTION_UNKNOWN, null, operation);
    } finally {
      transactionEnded();
    }
  }

  private <T extends @Nullable Object> T call(
      String what,
      String stateIfAborted,
      @Nullable Statement statement,
      ScopedValue.CallableOp<? extends T, SQLException> operation)
      throws SQLException {
    Context current = Context.current();
    refuseIfEnded(what, current);
    if (!isCancellable(current)) return Context.shielded(operation);
    DriverCall call = newCall();
    return registered(what, stateIfAborted, current, call, statement, operation);
  }

  private <T extends @Nullable Object> T registered(
      String what,
      String stateIfAborted,
      Context current,
      DriverCall call,
      @Nullable Statement statement,
      ScopedValue.CallableOp<? extends T, SQLException> operation)
      throws SQLException {
    call.enter(statement);
    Registration ofCurrent = current.onDone(call::end);
    Registration ofGiven = given == null ? null : given.onDone(call::end);
    try {
      return through(what, stateIfAborted, current, call, operation);
    } finally {
      ofCurrent.stop();
      if (ofGiven != null) ofGiven.stop();
    }
  }

  /** The call itself, which has been entered. */
  private <T extends @Nullable Object> T through(
      String what,
      String stateIfAborted,
      Context current,
      DriverCall call,
      ScopedValue.CallableOp<? extends T, SQLException> operation)
      throws SQLException {
    T result;
    try {
      result =
          Context.shielded(() -> {
            try {
              return operation.call();
            } finally {
              if (!call.leave()) aborted = true;
            }
          });
    } catch (SQLException | RuntimeException failure) {
      Context ended = ended(current);
      if (ended == null) throw failure;
      cutShort = true;
      throw Ended.exception(
          what, ended, isCutOff(failure) ? stateIfAborted : Ended.QUERY_CANCELLED, failure);
    }
    return result;
  }

  /** Aborted by us, or cut off by itself at the same time. */
  private boolean isCutOff(Exception failure) {
    return isBroken()
        || (failure instanceof SQLException sql
            && sql.getSQLState() != null
            && sql.getSQLState().startsWith("08"));
  }

  /** A step of a result set, which may fetch rows or only move on among those that are there. */
  <T extends @Nullable Object> T fetch(
      Fetch fetch, ScopedValue.CallableOp<? extends T, SQLException> operation)
      throws SQLException {
    Context current = Context.current();
    refuseIfEnded("the fetch", current);
    if (!isCancellable(current)) return Context.shielded(operation);
    DriverCall call = fetch.enter(current, given);
    if (call == null) return call("the fetch", fetch.statement(), operation);
    // One that ended after the first look and before the call was entered has found nothing to end.
    Context ended = ended(current);
    if (ended != null) {
      if (!call.leave()) aborted = true;
      throw Ended.exception("the fetch", ended, Ended.QUERY_CANCELLED, null);
    }
    return through("the fetch", Ended.QUERY_CANCELLED, current, call, operation);
  }

  Fetch fetchOf(@Nullable Statement statement) {
    var fetch = new Fetch(statement, this::newCall);
    synchronized (fetches) {
      fetches.add(fetch);
    }
    return fetch;
  }

  /** No more rows will be asked for. */
  void stop(Fetch fetch) {
    fetch.stop();
    synchronized (fetches) {
      fetches.remove(fetch);
    }
  }

  /** The statement is closed or executed again, and its result sets with it; null means all. */
  void stopFetchesOf(@Nullable Statement statement) {
    synchronized (fetches) {
      fetches.removeIf(fetch -> {
        if (statement != null && fetch.statement() != statement) return false;
        fetch.stop();
        return true;
      });
    }
  }

  /** Whether a context has ended that governs this connection for the caller. */
  boolean isEnded() {
    return ended(Context.current()) != null;
  }

  /** Whether the driver's connection was aborted: nothing more will come of it. */
  boolean isBroken() {
    return aborted && DriverCall.isClosed(driver);
  }

  /** Whether a context has ended a call since the transaction began. */
  boolean wasCutShort() {
    return cutShort;
  }

  /** Whether the database may have rolled back by itself what it then has no rollback for. */
  boolean hasLostTransaction() {
    return cutShort && sqlite != null;
  }

  void transactionEnded() {
    cutShort = false;
    forgetLocalTimeout();
  }

  /** What the server was told for the transaction, or since the savepoint, has gone. */
  void forgetLocalTimeout() {
    if (serverTimeout != null) serverTimeout.transactionEnded();
  }

  void closing() throws SQLException {
    stopFetchesOf(null);
    if (serverTimeout != null) serverTimeout.restore();
  }

  void refuseIfEnded(String what) throws SQLException {
    refuseIfEnded(what, Context.current());
  }

  private void refuseIfEnded(String what, Context current) throws SQLException {
    Context ended = ended(current);
    if (ended != null) throw Ended.exception(what, ended, Ended.QUERY_CANCELLED, null);
  }

  /** The given context goes first, so that two threads are told the same. */
  private @Nullable Context ended(Context current) {
    if (given != null && given.isDone()) return given;
    return current.isDone() ? current : null;
  }

  private boolean isCancellable(Context current) {
    return current.isCancellable() || (given != null && given.isCancellable());
  }
}
