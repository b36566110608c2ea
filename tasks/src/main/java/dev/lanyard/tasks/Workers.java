package dev.lanyard.tasks;

import java.util.ArrayDeque;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who runs next: the jobs that wait for a worker, the handlers that lent theirs and want one back,
 * and how many are free. Handlers come first, for they have begun. Under the lock of the engine.
 */
final class Workers {
  private final TreeSet<Job> queue = new TreeSet<>(Job.URGENCY);
  private final ArrayDeque<CompletableFuture<Void>> returning = new ArrayDeque<>();

  /**
   * Below zero while handlers run without one: those whose context ended while they waited to get
   * theirs back. They are on their way out.
   */
  private int free;

  Workers(int count) {
    free = count;
  }

  int queued() {
    return queue.size();
  }

  void add(Job job) {
    queue.add(job);
  }

  void remove(Job job) {
    queue.remove(job);
  }

  /** The job that a free worker is to do now, the worker being taken; null if there is none. */
  @Nullable Job next() {
    while (free > 0 && !returning.isEmpty()) {
      free--;
      returning.remove().complete(null);
    }
    if (free <= 0) return null;
    Job next = queue.pollFirst();
    if (next != null) free--;
    return next;
  }

  void giveBack() {
    free++;
  }

  /** Completes once the worker is there. */
  CompletableFuture<Void> takeBack() {
    var turn = new CompletableFuture<Void>();
    returning.add(turn);
    return turn;
  }

  /** Goes on without a worker if there still is none. */
  void goOnWithout(CompletableFuture<Void> turn) {
    if (returning.removeIf(each -> each == turn)) free--;
  }
}
