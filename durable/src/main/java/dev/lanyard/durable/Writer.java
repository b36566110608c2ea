package dev.lanyard.durable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of the {@link Journal}, with a connection of its own: takes what waits, writes it in
 * one transaction, and answers. The invariants are the journal's.
 */
final class Writer implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final int TRIES = 5;

  /** Each of half a second, see {@link PostgresConnections#begin}. */
  private static final int MOST_WAITS = 120;

  private final Journal journal;
  private final Connections connections;
  private final ServerClock clock;
  private final Consumer<Tx> committed;
  private @Nullable Session session;

  Writer(Journal journal, Connections connections, ServerClock clock, Consumer<Tx> committed) {
    this.journal = journal;
    this.connections = connections;
    this.clock = clock;
    this.committed = committed;
  }

  @Override
  public void run() {
    var batch = new ArrayList<Entry<?, ?>>();
    while (journal.take(batch)) {
      try {
        write(batch);
      } catch (Throwable unexpected) {
        LOG.error("The journal failed", unexpected);
        for (Entry<?, ?> entry : batch) entry.fail(unexpected);
        dropSession();
      }
      batch.clear();
    }
    dropSession();
  }

  private void write(List<Entry<?, ?>> batch) {
    Throwable failure = attempt(batch);
    if (failure == null) return;
    if (failure instanceof Failures.Unreachable) {
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
      if (alone instanceof Failures.Unreachable) {
        fail(batch.subList(i, batch.size()), alone);
        return;
      }
      if (alone != null) redo(batch.get(i), alone);
    }
  }

  private static void fail(List<Entry<?, ?>> entries, Throwable failure) {
    for (Entry<?, ?> entry : entries) entry.fail(Failures.asSeen(failure));
  }

  /** By invariants 4 and 6. */
  private void redo(Entry<?, ?> entry, Throwable failure) {
    if (Failures.isLocked(failure) && entry.waits++ < MOST_WAITS && journal.add(entry)) return;
    Throwable last = failure;
    for (int tries = 1; tries < TRIES && last != null; tries++) {
      if (!Failures.isWorthAnotherTry(last)) break;
      last = attempt(List.of(entry));
    }
    if (last != null) entry.fail(Failures.asSeen(last));
  }

  /** Null if all were written and answered; otherwise nothing was, and nobody was answered. */
  private @Nullable Throwable attempt(List<Entry<?, ?>> batch) {
    Tx tx;
    connections.enter();
    try {
      Session writing = session();
      tx = new Tx(writing, clock.millis(), connections.engine());
      try {
        connections.begin(writing);
        ScopedValue.where(Tx.CURRENT, tx).call(() -> makeAll(batch, tx));
      } catch (Throwable failure) {
        rollBack(writing, failure);
        return Failures.unwrapped(failure);
      }
      Throwable failure = commit(writing, batch);
      if (failure != null) return failure;
    } catch (SQLException unreachable) {
      return new Failures.Unreachable(unreachable);
    } finally {
      connections.leave();
    }
    committed.accept(tx);
    for (Entry<?, ?> entry : batch) entry.succeed();
    return null;
  }

  private static @Nullable Void makeAll(List<Entry<?, ?>> batch, Tx tx) throws SQLException {
    Entry.makeAll(tx, batch);
    tx.flush();
    return null;
  }

  /** By invariant 5. */
  private @Nullable Throwable commit(Session writing, List<Entry<?, ?>> batch) {
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
      for (Entry<?, ?> entry : batch) entry.fail(unknown);
      return null;
    }
  }

  private void rollBack(Session writing, Throwable failure) {
    try {
      connections.rollback(writing);
      if (Failures.isBroken(failure)) dropSession();
      // SQLite's driver goes on refusing a statement that has failed for some reasons.
      else writing.closeStatements();
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
}
