package dev.lanyard.benchmarks;

import java.util.Collection;
import java.util.Locale;

/** The middle and the ends of the figures of several rounds. */
public record Spread(double median, double least, double most) {
  /**
   * Sorts.
   *
   * @param values one for each round
   * @return their middle and their ends
   * @throws IllegalArgumentException if there are none
   */
  public static Spread of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) throw new IllegalArgumentException("a spread of nothing");
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /**
   * The median and, of more than one round, its range.
   *
   * @return for a cell of a table
   */
  public String ratio() {
    String range = least == most ? "" : " [" + figure(least) + "–" + figure(most) + "]";
    return figure(median) + range;
  }

  /**
   * Two digits at least, and no more after the point than the measurement is good for.
   *
   * @param value any
   * @return for a cell of a table
   */
  public static String figure(double value) {
    if (Math.abs(value) >= 99.95) return String.format(Locale.ROOT, "%,.0f", value);
    return String.format(Locale.ROOT, Math.abs(value) < 0.995 ? "%.2f" : "%.1f", value);
  }
}
