package dev.lanyard.jdbc;

import dev.lanyard.context.Context;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rows whose fetching stops with a context. Reading the columns of a row that is there does not: it
 * is passed on by {@link Delegates}.
 */
abstract class ContextResultSet implements ResultSet {
  private static final BiFunction<ContextStatement, ResultSet, ContextResultSet> COMPLETE =
      Delegates.completing(ContextResultSet.class, ContextStatement.class, ResultSet.class);

  private final ContextStatement statement;
  final ResultSet driver;
  private @Nullable Fetch fetch;

  /** All rows have been seen: the end of a context changes nothing any more. */
  private boolean exhausted;

  /** The context whose end has closed these rows together with what it ended. */
  private volatile @Nullable Context cutBy;

  ContextResultSet(ContextStatement statement, ResultSet driver) {
    this.statement = statement;
    this.driver = driver;
  }

  static ContextResultSet over(ContextStatement statement, ResultSet driver) {
    return COMPLETE.apply(statement, driver);
  }

  @Override
  public boolean next() throws SQLException {
    if (exhausted) return driver.next();
    boolean isOnRow = this.<Boolean>fetch(() -> driver.next());
    if (!isOnRow) {
      exhausted = true;
      stopFetch();
    }
    return isOnRow;
  }

  private <T extends @Nullable Object> T fetch(
      ScopedValue.CallableOp<? extends T, SQLException> operation) throws SQLException {
    Ended.throwIfCut("the fetch", cutBy);
    exhausted = false;
    DriverCalls calls = statement.connection.calls;
    Fetch registered = fetch;
    if (registered == null) {
      registered = calls.fetchOf(statement.driver);
      fetch = registered;
    }
    try {
      return calls.fetch(registered, operation);
    } catch (SQLException failed) {
      stopFetch();
      throw failed;
    }
  }

  /** What was not read yet is lost, and is not to be taken for nothing. */
  void cutBy(Context context) {
    cutBy = context;
  }

  private void stopFetch() {
    Fetch registered = fetch;
    if (registered == null) return;
    fetch = null;
    statement.connection.calls.stop(registered);
  }

  @Override
  public boolean previous() throws SQLException {
    return this.<Boolean>fetch(() -> driver.previous());
  }

  @Override
  public boolean first() throws SQLException {
    return this.<Boolean>fetch(() -> driver.first());
  }

  @Override
  public boolean last() throws SQLException {
    return this.<Boolean>fetch(() -> driver.last());
  }

  @Override
  public boolean absolute(int row) throws SQLException {
    return this.<Boolean>fetch(() -> driver.absolute(row));
  }

  @Override
  public boolean relative(int rows) throws SQLException {
    return this.<Boolean>fetch(() -> driver.relative(rows));
  }

  /** Drivers that do not know yet fetch. */
  @Override
  public boolean isLast() throws SQLException {
    return this.<Boolean>fetch(() -> driver.isLast());
  }

  @Override
  public void beforeFirst() throws SQLException {
    run(driver::beforeFirst);
  }

  @Override
  public void afterLast() throws SQLException {
    run(driver::afterLast);
  }

  @Override
  public void insertRow() throws SQLException {
    statement.connection.work();
    run(driver::insertRow);
  }

  @Override
  public void updateRow() throws SQLException {
    statement.connection.work();
    run(driver::updateRow);
  }

  @Override
  public void deleteRow() throws SQLException {
    statement.connection.work();
    run(driver::deleteRow);
  }

  @Override
  public void refreshRow() throws SQLException {
    run(driver::refreshRow);
  }

  private void run(DriverAction action) throws SQLException {
    this.<@Nullable Void>fetch(() -> {
      action.run();
      return null;
    });
  }

  /** What is fetched later: the rows of a cursor, a large object. */
  private @Nullable Object wrapLater(@Nullable Object value) {
    return value instanceof ResultSet rows ? over(statement, rows) : ShieldedLob.of(value);
  }

  private <T> @Nullable T getAs(
      Class<T> type, ScopedValue.CallableOp<@Nullable T, SQLException> getter) throws SQLException {
    T value = Context.<@Nullable T, SQLException>shielded(getter);
    Object wrapped = wrapLater(value);
    // Whoever asks for a type of the driver's own gets that.
    return type.isInstance(wrapped) ? type.cast(wrapped) : value;
  }

  @Override
  public @Nullable Object getObject(int index) throws SQLException {
    return wrapLater(
        Context.<@Nullable Object, SQLException>shielded(() -> driver.getObject(index)));
  }

  @Override
  public @Nullable Object getObject(String label) throws SQLException {
    return wrapLater(
        Context.<@Nullable Object, SQLException>shielded(() -> driver.getObject(label)));
  }

  @Override
  public @Nullable Object getObject(int index, Map<String, Class<?>> types) throws SQLException {
    return wrapLater(
        Context.<@Nullable Object, SQLException>shielded(() -> driver.getObject(index, types)));
  }

  @Override
  public @Nullable Object getObject(String label, Map<String, Class<?>> types) throws SQLException {
    return wrapLater(
        Context.<@Nullable Object, SQLException>shielded(() -> driver.getObject(label, types)));
  }

  @Override
  public <T> @Nullable T getObject(int index, Class<T> type) throws SQLException {
    return this.<T>getAs(type, () -> driver.getObject(index, type));
  }

  @Override
  public <T> @Nullable T getObject(String label, Class<T> type) throws SQLException {
    return this.<T>getAs(type, () -> driver.getObject(label, type));
  }

  @Override
  public Statement getStatement() {
    return statement;
  }

  @Override
  public void close() throws SQLException {
    stopFetch();
    DriverAction.shielded(driver::close);
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return Wrapped.unwrap(this, driver, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return Wrapped.isWrapperFor(this, driver, type);
  }

  @Override
  public String toString() {
    return driver.toString();
  }
}
