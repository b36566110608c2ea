package dev.lanyard.durable;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.context.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of a node: at most so many of what db-scheduler hands over runs at once, each on a
 * virtual thread of its own. A handler that waits for another task lends its worker meanwhile and
 * takes one back afterwards, before all that has not begun.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>{@code free} is the number of workers less the busy ones and more the lent ones. It is
 *       below zero only while handlers go on without one, because their context ended while they
 *       waited to get theirs back.
 *   <li>Nobody waits, neither a handler that wants its worker back nor something queued, while
 *       {@code free} is above zero.
 *   <li>After each end, and after each worker that was lent, whoever looks for due tasks is told,
 *       with the lock not held.
 * </ol>
 */
final class Slots extends AbstractExecutorService {
  private static final Logger LOG = LoggerFactory.getLogger(Slots.class);

  private final int workers;
  private final Map<String, Integer> limits;
  private final Runnable freed;

  @GuardedBy("this")
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();

  @GuardedBy("this")
  private final ArrayDeque<CompletableFuture<Void>> returning = new ArrayDeque<>();

  @GuardedBy("this")
  private final Map<String, Integer> running = new HashMap<>();

  @GuardedBy("this")
  private int free;

  @GuardedBy("this")
  private int busy;

  @GuardedBy("this")
  private boolean shutdown;

  Slots(int workers, Map<String, Integer> limits, Runnable freed) {
    this.workers = workers;
    this.limits = limits;
    this.freed = freed;
    free = workers;
  }

  int workers() {
    return workers;
  }

  /** How many more could begin at once. */
  synchronized int available() {
    return Math.max(0, free - queue.size());
  }

  // ---- Limits of kinds

  /** False, and nothing taken, if as many of the kind run as may. */
  synchronized boolean enter(String kind) {
    int now = running.getOrDefault(kind, 0);
    if (now >= limits.getOrDefault(kind, Integer.MAX_VALUE)) return false;
    running.put(kind, now + 1);
    return true;
  }

  synchronized void leave(String kind) {
    running.merge(kind, -1, Integer::sum);
  }

  synchronized boolean isFull(String kind) {
    return running.getOrDefault(kind, 0) >= limits.getOrDefault(kind, Integer.MAX_VALUE);
  }

  // ---- Work

  @Override
  public void execute(Runnable work) {
    synchronized (this) {
      if (shutdown) throw new RejectedExecutionException("this node has stopped");
      queue.add(work);
    }
    dispatch();
  }

  private void dispatch() {
    for (Runnable next = take(); next != null; next = take()) {
      Runnable work = next;
      try {
        Thread.ofVirtual().name("lanyard-worker").start(() -> run(work));
      } catch (Throwable notStarted) {
        done();
        throw notStarted;
      }
    }
  }

  private synchronized @Nullable Runnable take() {
    while (free > 0 && !returning.isEmpty()) {
      free--;
      returning.remove().complete(null);
    }
    if (free <= 0 || queue.isEmpty()) return null;
    free--;
    busy++;
    return queue.remove();
  }

  private void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException failed) {
      // A claim that was cancelled while it was made (db-scheduler#786), or that the database
      // refused: it is made again by whoever looks next, if there is still something to claim.
      LOG.debug("a claim was not made", failed);
    } finally {
      done();
    }
  }

  private void done() {
    synchronized (this) {
      free++;
      busy--;
      notifyAll();
    }
    dispatch();
    freed.run();
  }

  /**
   * The handler of a task that is over has not left: it keeps a worker, and its place among its
   * kind, until it does.
   */
  void keep(String kind, CompletableFuture<?> left) {
    synchronized (this) {
      free--;
      busy++;
      running.merge(kind, 1, Integer::sum);
    }
    var _ =
        left.whenComplete((_, _) -> {
          leave(kind);
          done();
        });
  }

  // ---- Lending

  void lend() {
    synchronized (this) {
      free++;
    }
    dispatch();
    freed.run();
  }

  /** Completes once there is a worker again. */
  CompletableFuture<Void> takeBack() {
    var turn = new CompletableFuture<Void>();
    synchronized (this) {
      returning.add(turn);
    }
    dispatch();
    return turn;
  }

  /** Goes on without one if there still is none. */
  synchronized void goOnWithout(CompletableFuture<Void> turn) {
    if (returning.removeIf(each -> each == turn)) free--;
  }

  synchronized boolean isIdle() {
    return busy == 0 && queue.isEmpty();
  }

  // ---- The end

  @Override
  public synchronized void shutdown() {
    shutdown = true;
    notifyAll();
  }

  @Override
  public synchronized List<Runnable> shutdownNow() {
    shutdown();
    var left = new ArrayList<>(queue);
    queue.clear();
    return left;
  }

  @Override
  public synchronized boolean isShutdown() {
    return shutdown;
  }

  @Override
  public synchronized boolean isTerminated() {
    return shutdown && busy == 0 && queue.isEmpty();
  }

  @Override
  public synchronized boolean awaitTermination(long timeout, TimeUnit unit)
      throws InterruptedException {
    long end = TimeSource.system().nanoTime() + unit.toNanos(timeout);
    while (!isTerminated()) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - TimeSource.system().nanoTime());
      if (left <= 0) return false;
      wait(left);
    }
    return true;
  }
}
