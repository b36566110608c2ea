package dev.lanyard.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/** Where a program says what it measured. */
record Report(String scenario, Consumer<String> lines) {
  void say(String metric, double value, String unit) {
    lines.accept(String.format(Locale.ROOT, "%s\t%s\t%.3f\t%s", scenario, metric, value, unit));
  }

  /** The value below which the given part of the samples lies. Sorts them. */
  static long percentile(long[] samples, double part) {
    Arrays.sort(samples);
    return samples[(int) Math.min(samples.length - 1, Math.round(part * samples.length))];
  }
}
