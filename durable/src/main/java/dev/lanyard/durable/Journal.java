package dev.lanyard.durable;

import dev.lanyard.tasks.RefusedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes changes, many in one transaction: one thread takes all that is waiting, makes them one
 * after the other, commits once, and then answers all who asked. Under load a commit, which is what
 * costs, is shared by everybody who came while the one before was on its way; alone, a change waits
 * for nobody.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>Who is answered without an exception has his change committed.
 *   <li>A change is a function of the transaction and of values that do not change: it may be made
 *       twice, and then the first time was rolled back.
 *   <li>A change that throws {@link RefusedException} has not written anything before. It fails
 *       alone, and the others in its transaction stand.
 *   <li>If no connection can be opened, all that were to be written together fail. If another
 *       exception is thrown, all of that transaction is rolled back, and each of its changes is
 *       made once more in a transaction of its own: a failure undoes nobody else's change. One that
 *       lost a deadlock is made again a few times.
 *   <li>Only a commit whose connection broke is answered with {@link StoreException#isUnknown()};
 *       no change is made again after its commit was tried on a server.
 *   <li>A change that finds a row locked by a transaction that is not of this journal, a caller's
 *       that submits perhaps, waits for it half a second at a time and lets all others go first in
 *       between, for a minute of its own waiting.
 *   <li>All that is asked for before {@link #close} is answered, and nothing after it.
 * </ol>
 */
final class Journal implements AutoCloseable {
  @FunctionalInterface
  interface Change<T extends @Nullable Object> {
    T in(Tx tx) throws SQLException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int MOST_TOGETHER = 200;
  private static final int TRIES = 5;

  /** Each of half a second, see {@link PostgresConnections#begin}. */
  private static final int MOST_WAITS = 120;

  private static final int SQLITE_CONSTRAINT = 19;

  private static final class Entry<T extends @Nullable Object> {
    final Change<T> change;
    final CompletableFuture<T> answer = new CompletableFuture<>();
    private @Nullable T result;
    private @Nullable RefusedException refusal;

    /** How often it has found a row that somebody else had locked. */
    int waits;

    Entry(Change<T> change) {
      this.change = change;
    }

    void make(Tx tx) throws SQLException {
      refusal = null;
      try {
        result = change.in(tx);
      } catch (RefusedException refused) {
        refusal = refused;
      }
    }

    @SuppressWarnings("NullAway") // the result is that of the change, null or not
    void succeed() {
      if (refusal != null) answer.completeExceptionally(refusal);
      else answer.complete(result);
    }
  }

  private final Connections connections;
  private final ServerClock clock;
  private final Consumer<Tx> committed;
  private final LinkedBlockingQueue<Entry<?>> queue = new LinkedBlockingQueue<>();
  private final Thread writer;

  /** Guarded by the queue's monitor. */
  private boolean closed;

  /** Of the writer's thread. */
  private @Nullable Session session;

  Journal(Connections connections, ServerClock clock, Consumer<Tx> committed) {
    this.connections = connections;
    this.clock = clock;
    this.committed = committed;
    // A platform thread: forcing to disk would keep a carrier of virtual threads.
    writer = Thread.ofPlatform().daemon().name("lanyard-journal").start(this::writeAll);
  }

  /** Waits for the answer; an interrupt does not end the wait and stays set. */
  <T extends @Nullable Object> T write(Change<T> change) {
    try {
      return offer(change).join();
    } catch (CompletionException failed) {
      Throwable cause = failed.getCause();
      if (cause instanceof RefusedException refused) {
        // Made where the caller can be seen.
        throw new RefusedException(
            refused.reason(), Objects.requireNonNull(refused.getMessage()), refused.other());
      }
      if (cause instanceof StoreException known) {
        throw new StoreException(
            Objects.requireNonNull(known.getMessage()), known, known.isUnknown());
      }
      if (cause instanceof RuntimeException unchecked) throw unchecked;
      throw new StoreException("the change could not be written: " + cause, cause);
    }
  }

  <T extends @Nullable Object> CompletableFuture<T> offer(Change<T> change) {
    var entry = new Entry<T>(change);
    synchronized (queue) {
      if (closed) throw new StoreException("the database was closed", null);
      queue.add(entry);
    }
    return entry.answer;
  }

  private void writeAll() {
    var batch = new ArrayList<Entry<?>>();
    while (true) {
      try {
        batch.add(queue.take());
      } catch (InterruptedException nobodyElsesBusiness) {
        continue;
      }
      queue.drainTo(batch, MOST_TOGETHER - 1);
      boolean last = batch.removeIf(entry -> entry == END);
      try {
        if (!batch.isEmpty()) writeBatch(batch);
      } catch (Throwable unexpected) {
        LOG.error("The journal failed", unexpected);
        for (Entry<?> entry : batch) entry.answer.completeExceptionally(unexpected);
        dropSession();
      }
      batch.clear();
      if (last) {
        dropSession();
        return;
      }
    }
  }

  private void writeBatch(List<Entry<?>> batch) {
    Throwable failure = attempt(batch);
    if (failure == null) return;
    if (failure instanceof Unreachable) {
      fail(batch, failure);
      return;
    }
    if (batch.size() == 1) {
      redo(batch.getFirst(), failure);
      return;
    }
    LOG.debug("{} changes are made one by one", batch.size(), failure);
    for (int i = 0; i < batch.size(); i++) {
      Throwable alone = attempt(batch.subList(i, i + 1));
      if (alone instanceof Unreachable) {
        fail(batch.subList(i, batch.size()), alone);
        return;
      }
      if (alone != null) redo(batch.get(i), alone);
    }
  }

  private static void fail(List<Entry<?>> entries, Throwable failure) {
    for (Entry<?> entry : entries) entry.answer.completeExceptionally(asSeen(failure));
  }

  private void redo(Entry<?> entry, Throwable failure) {
    if (isLocked(failure) && entry.waits++ < MOST_WAITS && putBack(entry)) return;
    Throwable last = failure;
    for (int tries = 1; tries < TRIES && last != null && isWorthAnotherTry(last); tries++) {
      last = attempt(List.of(entry));
    }
    if (last != null) entry.answer.completeExceptionally(asSeen(last));
  }

  /** By invariant 6: others go first, and it waits for its row in turns. */
  private boolean putBack(Entry<?> entry) {
    synchronized (queue) {
      return !closed && queue.add(entry);
    }
  }

  private static boolean isLocked(Throwable failure) {
    return failure instanceof SQLException sql && "55P03".equals(sql.getSQLState());
  }

  /** By invariants 4 and 5: what was certainly not committed and may go well the next time. */
  private static boolean isWorthAnotherTry(Throwable failure) {
    if (failure instanceof StoreException known) return !known.isUnknown() && isBroken(known);
    return failure instanceof SQLException sql
        && ("40P01".equals(sql.getSQLState())
            || "40001".equals(sql.getSQLState())
            || isBroken(sql)
            || isConflict(sql));
  }

  /** What was looked at has changed before it was written: to be looked at again. */
  static final class LateConflict extends SQLException {
    private static final long serialVersionUID = 1;
  }

  /** Also: two wanted the same id or key at the same moment. */
  static boolean isConflict(SQLException failure) {
    String state = failure.getSQLState();
    return failure instanceof LateConflict
        || (state != null && state.startsWith("23"))
        || failure.getErrorCode() == SQLITE_CONSTRAINT;
  }

  /**
   * There is no connection: to wait for one for each change would only keep all of them waiting.
   */
  private static final class Unreachable extends Exception {
    private static final long serialVersionUID = 1;

    Unreachable(SQLException cause) {
      super("the database cannot be reached: " + Texts.failure(cause), cause);
    }
  }

  private static Throwable asSeen(Throwable failure) {
    if (failure instanceof Unreachable unreachable) {
      return new StoreException(String.valueOf(unreachable.getMessage()), unreachable.getCause());
    }
    if (failure instanceof SQLException sql) {
      return new StoreException("the database refused a change: " + sql.getMessage(), sql);
    }
    return failure;
  }

  static boolean isBroken(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql) {
        String state = sql.getSQLState();
        if (state != null && (state.startsWith("08") || state.startsWith("57P"))) return true;
      }
    }
    return false;
  }

  /** Null if all were written and answered; otherwise nothing was, and nobody was answered. */
  private @Nullable Throwable attempt(List<Entry<?>> batch) {
    Tx tx;
    connections.enter();
    try {
      Session writing = session();
      tx = new Tx(writing, clock.millis(), connections.engine() == Database.Engine.POSTGRESQL);
      try {
        connections.begin(writing);
        ScopedValue.where(Tx.CURRENT, tx).call(() -> makeAll(batch, tx));
      } catch (Throwable failure) {
        rollBack(writing, failure);
        return unwrapped(failure);
      }
      Throwable failure = commit(writing, batch);
      if (failure != null) return failure;
    } catch (SQLException unreachable) {
      return new Unreachable(unreachable);
    } finally {
      connections.leave();
    }
    committed.accept(tx);
    for (Entry<?> entry : batch) entry.succeed();
    return null;
  }

  /** What the driver threw, where db-scheduler has put it into an exception of its own. */
  private static Throwable unwrapped(Throwable failure) {
    if (failure instanceof StoreException) return failure;
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SQLException) return each;
    }
    return failure;
  }

  private static @Nullable Void makeAll(List<Entry<?>> batch, Tx tx) throws SQLException {
    for (Entry<?> entry : batch) entry.make(tx);
    tx.flush();
    return null;
  }

  private @Nullable Throwable commit(Session writing, List<Entry<?>> batch) {
    try {
      connections.commit(writing);
      return null;
    } catch (SQLException failure) {
      rollBack(writing, failure);
      if (connections.engine() == Database.Engine.SQLITE) return failure; // certainly not committed
      var unknown =
          new StoreException(
              "the connection to the database broke while a change was being committed;"
                  + " nobody knows whether it was",
              failure,
              true);
      dropSession();
      for (Entry<?> entry : batch) entry.answer.completeExceptionally(unknown);
      return null;
    }
  }

  private void rollBack(Session writing, Throwable failure) {
    try {
      connections.rollback(writing);
      if (isBroken(failure)) dropSession();
    } catch (SQLException alsoBroken) {
      // SQLite has rolled back already where the disk is full, and says so; a new connection
      // is in a state that is known.
      dropSession();
    }
  }

  private Session session() throws SQLException {
    Session open = session;
    if (open == null) {
      open = new Session(connections.openWriter());
      session = open;
    }
    return open;
  }

  private void dropSession() {
    Session open = session;
    session = null;
    if (open != null) open.close();
  }

  private static final Entry<@Nullable Void> END = new Entry<>(_ -> null);

  @Override
  public void close() {
    synchronized (queue) {
      if (!closed) queue.add(END);
      closed = true;
    }
    try {
      writer.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
