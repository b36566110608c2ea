package dev.lanyard.benchmarks.tasks;

import dev.lanyard.context.TimeSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One measurement: from the first submission until the last end is on the disk. */
final class SubmitAndRun {
  /** Threads that submit, one task at a time. */
  static final int CLIENTS = 20;

  /** Tasks that run at once. */
  static final int SLOTS = 20;

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);
  private static final TimeSource TIME = TimeSource.system();

  /**
   * Tasks a second.
   *
   * @param all from the first submission
   * @param sinceFirstRun from the first start of a task
   */
  record Rates(double all, double sinceFirstRun) {}

  private final Contender contender;
  private final int each;
  private final CyclicBarrier start;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private volatile long began;

  /**
   * Of somebody who has just been opened.
   *
   * @param tasks as many for each client: see {@link #rounded}
   */
  SubmitAndRun(Contender contender, int tasks) {
    if (tasks != rounded(tasks)) {
      throw new IllegalArgumentException(CLIENTS + " clients cannot share " + tasks + " tasks");
    }
    this.contender = contender;
    each = tasks / CLIENTS;
    start = new CyclicBarrier(CLIENTS, () -> began = TIME.nanoTime());
  }

  /**
   * How many of them the clients can share, so that what is told is what was measured.
   *
   * @throws IllegalArgumentException if there are fewer than clients
   */
  static int rounded(int tasks) {
    if (tasks < CLIENTS) {
      throw new IllegalArgumentException(
          tasks + " tasks are too few: each of the " + CLIENTS + " clients needs one");
    }
    return tasks - tasks % CLIENTS;
  }

  Rates measure() throws SQLException, InterruptedException {
    Bodies.reset();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) clients.add(Thread.ofPlatform().start(this::client));
    for (Thread client : clients) client.join();
    Exception failed = failure.get();
    if (failed != null) throw new IllegalStateException("a client failed", failed);
    int tasks = each * CLIENTS;
    while (Bodies.count() < tasks || !contender.ended(tasks)) {
      if (TIME.nanoTime() - began > PATIENCE.toNanos()) {
        throw new IllegalStateException(Bodies.count() + " of " + tasks + " ran, then no more");
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
    long ended = TIME.nanoTime();
    return new Rates(tasks * 1e9 / (ended - began), tasks * 1e9 / (ended - Bodies.firstNanos()));
  }

  private void client() {
    try {
      start.await();
      for (int i = 0; i < each; i++) contender.submit();
    } catch (SQLException | RuntimeException | InterruptedException | BrokenBarrierException e) {
      failure.compareAndSet(null, e);
    }
  }
}
