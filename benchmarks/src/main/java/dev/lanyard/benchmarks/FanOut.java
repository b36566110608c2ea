package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The cancel of a parent with so many children, to each of which somebody listens. They are made
 * outside the clock.
 */
final class FanOut {
  private static final TimeSource TIME = TimeSource.system();

  private FanOut() {}

  static List<OneShot> programs() {
    return Stream.of(1, 1_000, 100_000, 1_000_000)
        .map(children ->
            new OneShot(
                "FanOut",
                "fan-out-" + children,
                (report, divisor) -> measure(report, Math.max(1, children / divisor), divisor)))
        .toList();
  }

  private static void measure(Report report, int children, int divisor) {
    int trees = Math.max(1, 10_000 / children / divisor);
    int repeats = Math.clamp(2_000_000 / (trees * children) / divisor, 7, 200);
    long[] spent = new long[repeats];
    for (int i = 0; i < repeats; i++) spent[i] = cancel(trees, children);
    long[] warm = Arrays.copyOfRange(spent, repeats * 2 / 5, repeats);
    report.say(Measurement.TIME, Report.percentile(warm, 0.5) / (double) (trees * children), "ns");
  }

  private static long cancel(int trees, int children) {
    var parents = new CancellableContext[trees];
    var all = new Context[trees * children];
    for (int i = 0; i < trees; i++) {
      parents[i] = Context.background().withCancel();
      for (int j = 0; j < children; j++) {
        Context child = parents[i].withCancel();
        var _ = child.onDone(FanOut::nothing);
        all[i * children + j] = child;
      }
    }
    long start = TIME.nanoTime();
    for (CancellableContext parent : parents) parent.cancel();
    long spent = TIME.nanoTime() - start;
    for (Context child : all) {
      if (!child.isDone()) throw new AssertionError("a child outlived its parent");
    }
    return spent;
  }

  private static void nothing() {}
}
