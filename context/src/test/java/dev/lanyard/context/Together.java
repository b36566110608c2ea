package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Threads that begin at the same moment, and waiting that ends. */
final class Together {
  /** Mutation testing has less: there, what never happens is the rule. */
  private static final Duration PATIENCE =
      Duration.ofSeconds(Integer.getInteger("lanyard.patience", 40));

  private Together() {}

  /** Runs all actions at once, each on its own thread, and passes on what they throw. */
  static void run(List<? extends Runnable> actions) {
    run(actions, Thread.ofPlatform().daemon().factory());
  }

  static void run(List<? extends Runnable> actions, ThreadFactory threads) {
    var start = new CountDownLatch(1);
    var failure = new AtomicReference<@Nullable Throwable>();
    var started = new ArrayList<Thread>();
    for (Runnable action : actions) {
      Thread thread =
          threads.newThread(() -> {
            try {
              start.await();
              action.run();
            } catch (Throwable thrown) {
              failure.compareAndSet(null, thrown);
            }
          });
      started.add(thread);
      thread.start();
    }
    start.countDown();
    for (Thread thread : started) join(thread);
    if (failure.get() != null) throw new AssertionError("one of the threads failed", failure.get());
  }

  /**
   * For each number below {@code rounds}, lets two threads do one action each, as close in time as
   * the machine allows: whoever is ahead waits a moment for the other, but never for long.
   */
  static void race(int rounds, IntConsumer one, IntConsumer other) {
    var first = new AtomicInteger();
    var second = new AtomicInteger();
    run(List.of(() -> meet(rounds, first, second, one), () -> meet(rounds, second, first, other)));
  }

  private static void meet(int rounds, AtomicInteger mine, AtomicInteger theirs, IntConsumer act) {
    try {
      for (int round = 0; round < rounds; round++) {
        mine.set(round + 1);
        for (int spins = 0; theirs.get() <= round && spins < 30; spins++) Thread.onSpinWait();
        act.accept(round);
      }
    } finally {
      mine.set(Integer.MAX_VALUE); // whoever fails lets the other go on alone
    }
  }

  /** Waits for a thread, and says where it hangs if it does. */
  static void join(Thread thread) {
    try {
      if (!thread.join(PATIENCE)) {
        var hanging = new AssertionError(thread + " hangs");
        hanging.setStackTrace(thread.getStackTrace());
        throw hanging;
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  static void await(CountDownLatch latch) {
    eventually("the latch opens", () -> latch.getCount() == 0);
  }

  static void eventually(String what, BooleanSupplier condition) {
    Deadline end = Deadline.after(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(end.isPast()).as("still waiting until " + what).isFalse();
      LockSupport.parkNanos(100_000);
    }
  }

  static void isCollected(WeakReference<?> reference) {
    eventually(
        "it is collected",
        () -> {
          if (reference.refersTo(null)) return true;
          System.gc();
          return false;
        });
  }
}
