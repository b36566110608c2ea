package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/**
 * Timeouts of 100 ms, one after the other, while every carrier of virtual threads and the common
 * pool compute for two seconds: after how long they fired.
 */
final class Saturation {
  private static final TimeSource TIME = TimeSource.system();
  private static final Duration TIMEOUT = Duration.ofMillis(100);

  /** Has an action run after the timeout. */
  private interface Timer {
    AutoCloseable start(Runnable action);
  }

  private Saturation() {}

  static List<OneShot> programs() {
    return List.of(
        program("saturation", action -> listened(action, false)),
        program("saturation-after-func", action -> listened(action, true)),
        program("jdk-saturation", Saturation::future));
  }

  private static OneShot program(String name, Timer timer) {
    return new OneShot("Saturation", name, (report, divisor) -> measure(report, timer, divisor));
  }

  private static AutoCloseable listened(Runnable action, boolean ownThread) {
    CancellableContext ctx = Context.background().withTimeout(TIMEOUT);
    var _ = ownThread ? ctx.afterFunc(action) : ctx.onDone(action);
    return ctx;
  }

  private static AutoCloseable future(Runnable action) {
    var future = new CompletableFuture<Void>().orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    var _ = future.whenComplete((_, _) -> action.run());
    return () -> future.cancel(false);
  }

  private static void measure(Report report, Timer timer, int divisor) throws Exception {
    var _ = firedAfter(timer); // so that the loading of classes does not count
    long end = TIME.nanoTime() + lasting(divisor).toNanos();
    saturate(end);
    var samples = new ArrayList<Long>();
    do samples.add(firedAfter(timer));
    while (TIME.nanoTime() + TIMEOUT.toNanos() < end);
    long[] sorted = samples.stream().mapToLong(Long::longValue).toArray();
    report.say("fired-after-p50", Report.percentile(sorted, 0.5) / 1e6, "ms");
    report.say("fired-after-most", Report.percentile(sorted, 1) / 1e6, "ms");
  }

  static Duration lasting(int divisor) {
    return divisor > 1 ? Duration.ofMillis(400) : Duration.ofSeconds(2);
  }

  private static long firedAfter(Timer timer) throws Exception {
    var fired = new CountDownLatch(1);
    long[] at = new long[1];
    long start = TIME.nanoTime();
    try (AutoCloseable _ =
        timer.start(() -> {
          at[0] = TIME.nanoTime();
          fired.countDown();
        })) {
      fired.await();
    }
    return at[0] - start;
  }

  private static void saturate(long end) {
    int each = 4 * Runtime.getRuntime().availableProcessors();
    Runnable busy =
        () -> {
          while (TIME.nanoTime() - end < 0) Thread.onSpinWait();
        };
    for (int i = 0; i < each; i++) {
      ForkJoinPool.commonPool().execute(busy);
      Thread.startVirtualThread(busy);
    }
  }
}
