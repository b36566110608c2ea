package dev.lanyard.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One figure of one run, and a line in the file of results.
 *
 * @param implementation whose figure it is: {@code go}, {@code lanyard} or a peer
 * @param metric what was measured; {@link #TIME} of one operation and {@link #ALLOCATED} bytes
 *     stand side by side in the tables
 */
public record Measurement(
    int round, String implementation, String scenario, String metric, double value, String unit) {
  static final String TIME = "time";
  static final String ALLOCATED = "allocated";

  /** The words of a line that a program printed: scenario, metric, value and unit. */
  static Measurement printed(int round, String implementation, String line) {
    String[] words = line.split("\t", -1);
    if (words.length != 4) {
      throw new IllegalArgumentException("not a line of scenario, metric, value, unit: " + line);
    }
    return new Measurement(
        round, implementation, words[0], words[1], Double.parseDouble(words[2]), words[3]);
  }

  /**
   * Reads a line of the file of results.
   *
   * @param line as {@link #line()} made it
   * @return the figure
   * @throws IllegalArgumentException if it is no such line
   */
  public static Measurement parse(String line) {
    String[] words = line.split("\t", 3);
    if (words.length != 3) throw new IllegalArgumentException("not a line of results: " + line);
    return printed(Integer.parseInt(words[0]), words[1], words[2]);
  }

  /**
   * For the file of results.
   *
   * @return one line, without its end
   */
  public String line() {
    List<String> words =
        Arrays.asList(
            Integer.toString(round),
            implementation,
            scenario,
            metric,
            String.format(Locale.ROOT, "%.3f", value),
            unit);
    return String.join("\t", words);
  }
}
