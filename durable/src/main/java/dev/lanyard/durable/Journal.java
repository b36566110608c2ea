package dev.lanyard.durable;

import dev.lanyard.tasks.RefusedException;
import java.sql.SQLException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes, many in one transaction. Whoever asks puts his change into a queue; the {@link
 * Writer} takes all that is waiting, makes one after the other, commits once, and then answers all
 * who asked. Under load a commit, which is what costs, is shared by everybody who came while the
 * one before was on its way; alone, a change waits for nobody.
 *
 * <p>With a server, what costs next is to ask it something and to wait for the answer: changes of
 * one {@link Sort} are made together. Several writers at once would share the waiting as well;
 * measured, they were no faster, for each had less to write together.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>Who is answered without an exception has his change committed.
 *   <li>A change is a function of the transaction and of values that do not change: it may be made
 *       twice, and then the first time was rolled back. Two that nobody waits for in between may be
 *       made in any order.
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

  /** Changes that differ in their values only: many can be made in as few steps as one. */
  interface Sort<Q, T extends @Nullable Object> {
    T alone(Tx tx, Q question) throws SQLException;

    /**
     * Makes those that nothing stands in the way of, and refuses nothing: the others are made
     * alone, in the same transaction.
     *
     * @return what came of those that were made
     */
    IdentityHashMap<Q, T> together(Tx tx, List<Q> questions) throws SQLException;
  }

  private static final int MOST_TOGETHER = 200;

  /** Behind everything else in the queue once it is closed. */
  private static final Entry<?, ?> END = new Entry<Object, @Nullable Void>(_ -> null, null, null);

  private final LinkedBlockingQueue<Entry<?, ?>> queue = new LinkedBlockingQueue<>();
  private final Thread writer;

  /** Guarded by the queue's monitor. */
  private boolean closed;

  /**
   * A journal that writes at once.
   *
   * @param committed is told after each commit, on the writer's thread, before those who asked
   */
  Journal(Connections connections, ServerClock clock, Consumer<Tx> committed) {
    var writing = new Writer(this, connections, clock, committed);
    // A platform thread: forcing to disk would keep a carrier of virtual threads.
    writer = Thread.ofPlatform().daemon().name("lanyard-journal").start(writing);
  }

  /** Waits for the answer; an interrupt does not end the wait and stays set. */
  <T extends @Nullable Object> T write(Change<T> change) {
    return answer(offer(change));
  }

  /** As the other, and together with others of the sort that wait. */
  <Q, T extends @Nullable Object> T write(Sort<Q, T> sort, Q question) {
    return answer(offer(sort, question));
  }

  private static <T extends @Nullable Object> T answer(CompletableFuture<T> answer) {
    try {
      return answer.join();
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
    return offer(new Entry<>(change, null, null));
  }

  <Q, T extends @Nullable Object> CompletableFuture<T> offer(Sort<Q, T> sort, Q question) {
    return offer(new Entry<>(tx -> sort.alone(tx, question), sort, question));
  }

  private <T extends @Nullable Object> CompletableFuture<T> offer(Entry<?, T> entry) {
    if (!add(entry)) throw new StoreException("the database was closed", null);
    return entry.answer();
  }

  // ---- For the writer

  /** False, and nothing added, if this is closed. */
  boolean add(Entry<?, ?> entry) {
    synchronized (queue) {
      return !closed && queue.add(entry);
    }
  }

  /** Waits for a change, and takes all that wait with it; false if there will never be one. */
  boolean take(List<Entry<?, ?>> batch) {
    Entry<?, ?> first = null;
    while (first == null) {
      try {
        first = queue.take();
      } catch (InterruptedException nobodyElsesBusiness) {
        // The writer ends when the journal is closed.
      }
    }
    batch.add(first);
    queue.drainTo(batch, MOST_TOGETHER - 1);
    if (!batch.remove(END)) return true;
    queue.add(END); // to be found by the next call, if this one still has something to do
    return !batch.isEmpty();
  }

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
