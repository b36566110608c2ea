package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * The heap before and after ten million contexts were made under a living parent and forgotten,
 * none cancelled.
 */
final class Forgotten {
  private static final Key<String> KEY = Key.of("key");
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
  private static final long SETTLING_NANOS = 50_000_000;

  private Forgotten() {}

  static List<OneShot> programs() {
    return List.of(
        program("forgotten-plain", Context::withCancel),
        program("forgotten-timeout", parent -> parent.withTimeout(TEN_MINUTES)),
        program("forgotten-value", parent -> parent.withCancel().withValue(KEY, "value")),
        program("forgotten-polled", Forgotten::polled));
  }

  private static OneShot program(String name, UnaryOperator<Context> maker) {
    return new OneShot(
        "Forgotten", name, (report, divisor) -> measure(report, maker, 10_000_000 / divisor));
  }

  private static Context polled(Context parent) {
    Context ctx = parent.withTimeout(TEN_MINUTES);
    for (int polls = 0; polls < 100; polls++) {
      if (ctx.isDone()) throw new AssertionError("nothing has ended it");
    }
    return ctx;
  }

  private static void measure(Report report, UnaryOperator<Context> maker, int count) {
    try (CancellableContext parent = Context.background().withCancel()) {
      forget(
          maker,
          parent,
          Math.min(count, 100_000)); // so that classes and compiled code do not count
      long before = used(parent);
      forget(maker, parent, count);
      long after = used(parent);
      report.say("heap-before", before / 1e6, "MB");
      report.say("heap-after", after / 1e6, "MB");
      report.say("bytes-each", Math.max(0, after - before) / (double) count, "B");
    }
  }

  private static void forget(UnaryOperator<Context> maker, Context parent, int count) {
    for (int i = 0; i < count; i++) {
      if (maker.apply(parent).isDone()) throw new AssertionError("nothing has ended it");
    }
  }

  /**
   * What a collected context has left in its parent is taken away by whoever polls next; the JVM
   * tells of ten million collected ones in its own time. So: until nothing more is freed.
   */
  private static long used(Context parent) {
    long used = Heap.used();
    for (int i = 0; i < 100; i++) {
      LockSupport.parkNanos(SETTLING_NANOS);
      forget(Forgotten::polled, parent, 100);
      long before = used;
      used = Heap.used();
      if (i >= 3 && used > before * 0.99) break;
    }
    return used;
  }
}
