package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import java.time.Duration;
import java.util.List;

/**
 * Bytes for each of a million live objects: the heap after a collection, less that before they were
 * made.
 */
final class Footprint {
  static final String SECTION = "Footprint";

  private static final Key<String> KEY = Key.of("key");
  private static final Duration HOUR = Duration.ofHours(1);

  /** Makes one object below the parent, or on it. */
  private interface Maker {
    Object make(Context parent);
  }

  private Footprint() {}

  static List<OneShot> programs() {
    return List.of(
        program("footprint-child", Context::withCancel),
        program("footprint-child-listened", parent -> listenedTo(parent.withCancel())),
        program("footprint-child-done", parent -> asked(parent.withCancel())),
        program("footprint-timeout", parent -> parent.withTimeout(HOUR)),
        program("footprint-timeout-listened", parent -> listenedTo(parent.withTimeout(HOUR))),
        program("footprint-value", parent -> parent.withValue(KEY, "value")),
        program("footprint-registration", parent -> parent.onDone(Footprint::nothing)));
  }

  private static OneShot program(String name, Maker maker) {
    return new OneShot(
        SECTION, name, (report, divisor) -> measure(report, maker, 1_000_000 / divisor));
  }

  private static Context listenedTo(Context ctx) {
    var _ = ctx.onDone(Footprint::nothing);
    return ctx;
  }

  private static Context asked(Context ctx) {
    var _ = ctx.done();
    return ctx;
  }

  private static void nothing() {}

  private static void measure(Report report, Maker maker, int count) {
    try (CancellableContext parent = Context.background().withCancel()) {
      fill(maker, parent, new Object[1_000]); // classes and tables that all share
      Object[] live = new Object[count];
      long before = Heap.used();
      fill(maker, parent, live);
      long after = Heap.used();
      if (live[count - 1] == null) throw new AssertionError("nothing was made");
      report.say("bytes", (after - before) / (double) count, "B");
    }
  }

  private static void fill(Maker maker, Context parent, Object[] live) {
    for (int i = 0; i < live.length; i++) live[i] = maker.make(parent);
  }
}
