package dev.lanyard.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;

/**
 * Many timeouts, to each of which somebody listens, that pass within one second: how late the
 * action ran, and what processor time the process took for each from when all were made to when all
 * had run.
 */
final class Firing {
  private static final TimeSource TIME = TimeSource.system();
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final BiFunction<Context, Runnable, Registration> listen;
  private long cpuNanos;

  private Firing(BiFunction<Context, Runnable, Registration> listen) {
    this.listen = listen;
  }

  static List<OneShot> programs() {
    return List.of(
        program("firing", Context::onDone), program("firing-after-func", Context::afterFunc));
  }

  private static OneShot program(String name, BiFunction<Context, Runnable, Registration> listen) {
    return new OneShot(
        "Firing", name, (report, divisor) -> new Firing(listen).measure(report, divisor));
  }

  private void measure(Report report, int divisor) throws InterruptedException {
    for (int i = 0; i < 3; i++) fire(20_000 / divisor, Duration.ofMillis(200)); // compiles it
    long[] late = fire(100_000 / divisor, Duration.ofSeconds(1));
    report.say("late-p50", Report.percentile(late, 0.5) / 1e3, "us");
    report.say("late-p99", Report.percentile(late, 0.99) / 1e3, "us");
    report.say("late-most", Report.percentile(late, 1) / 1e3, "us");
    report.say("cpu-per-timer", cpuNanos / 1e3 / late.length, "us");
  }

  /** How many nanoseconds late each was. The first is due half a spread from now. */
  private long[] fire(int count, Duration spread) throws InterruptedException {
    long[] late = new long[count];
    var contexts = new CancellableContext[count];
    var fired = new CountDownLatch(count);
    long start = TIME.nanoTime() + spread.toNanos() / 2;
    for (int i = 0; i < count; i++) {
      int index = i;
      long now = TIME.nanoTime();
      long due = start + spread.toNanos() * i / count;
      contexts[i] = Context.background().withTimeout(Duration.ofNanos(due - now));
      var _ =
          listen.apply(
              contexts[i],
              () -> {
                late[index] = TIME.nanoTime() - due;
                fired.countDown();
              });
    }
    long before = SYSTEM.getProcessCpuTime();
    fired.await();
    cpuNanos = SYSTEM.getProcessCpuTime() - before;
    return late;
  }
}
