package dev.lanyard.proofs;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;

/**
 * A timeout of 100 ms while every carrier of virtual threads and the common pool are busy for two
 * seconds. Prints when the action of {@code onDone} ran, and when a platform thread that slept in
 * {@code callInterruptibly} was out of it.
 */
public final class SaturatedDeadline {
  private static final TimeSource TIME = TimeSource.system();

  private SaturatedDeadline() {}

  /**
   * Runs the proof.
   *
   * @param arguments none
   * @throws InterruptedException never
   */
  public static void main(String[] arguments) throws InterruptedException {
    measure(); // so that the loading of classes does not count
    saturate(Duration.ofSeconds(2));
    measure();
  }

  private static void measure() throws InterruptedException {
    var fired = new CountDownLatch(1);
    long start = TIME.nanoTime();
    long[] at = new long[1];
    try (CancellableContext ctx = Context.background().withTimeout(Duration.ofMillis(100))) {
      var _ =
          ctx.onDone(() -> {
            at[0] = TIME.nanoTime();
            fired.countDown();
          });
      try {
        ctx.callInterruptibly(() -> {
          new CountDownLatch(1).await();
          return "never";
        });
      } catch (DeadlineExceededException expected) {
        long out = TIME.nanoTime();
        fired.await();
        System.out.printf(
            "deadline after 100 ms: onDone ran after %.1f ms, the blocked thread was free after %.1f ms%n",
            (at[0] - start) / 1e6, (out - start) / 1e6);
      }
    }
  }

  private static void saturate(Duration duration) throws InterruptedException {
    int processors = Runtime.getRuntime().availableProcessors();
    long end = TIME.nanoTime() + duration.toNanos();
    Runnable busy =
        () -> {
          while (TIME.nanoTime() - end < 0) Thread.onSpinWait();
        };
    for (int i = 0; i < 4 * processors; i++) {
      ForkJoinPool.commonPool().execute(busy);
      Thread.startVirtualThread(busy);
    }
    System.out.printf(
        "%d busy virtual threads and %d tasks in the common pool for %d ms%n",
        4 * processors, 4 * processors, duration.toMillis());
  }
}
