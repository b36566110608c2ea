package dev.lanyard.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs that {@code benchmarks/run} has compiled from {@code benchmarks/go}. */
final class GoPrograms implements Programs {
  private static final Pattern TIME = Pattern.compile("\\s([0-9.]+) ns/op");
  private static final Pattern ALLOCATED = Pattern.compile("\\s([0-9.]+) B/op");

  private final Output output;
  private final String benchmarks;
  private final String oneShots;
  private final boolean quick;
  private final Map<String, String> functions = new HashMap<>();

  /**
   * @param directory where the two programs are
   */
  GoPrograms(Path directory, Output output, boolean quick)
      throws IOException, InterruptedException {
    this.output = output;
    this.quick = quick;
    this.benchmarks = directory.resolve("benchmarks").toString();
    this.oneShots = directory.resolve("one-shots").toString();
    for (String function : output.of(List.of(benchmarks, "-test.list", "^Benchmark"))) {
      functions.put(nameOf(function), function);
    }
    for (String name : output.of(List.of(oneShots))) functions.put(name, "");
  }

  /** The scenario that a benchmark function of Go measures. */
  static String nameOf(String function) {
    return Scenario.kebab(function.replaceFirst("^Benchmark", ""));
  }

  @Override
  public List<Measurement> measure(int round, Scenario scenario)
      throws IOException, InterruptedException {
    if (!scenario.implementation().equals(Scenario.LANYARD)) return List.of();
    return switch (functions.get(scenario.name())) {
      case null -> List.of();
      case "" ->
          output.of(List.of(oneShots, scenario.name(), quick ? "100" : "1")).stream()
              .map(line -> Measurement.printed(round, Scenario.GO, line))
              .toList();
      case String function -> benchmark(round, scenario.name(), function);
    };
  }

  private List<Measurement> benchmark(int round, String name, String function)
      throws IOException, InterruptedException {
    List<String> lines =
        output.of(
            List.of(
                benchmarks,
                "-test.run=^$",
                "-test.bench=^" + function + "$",
                "-test.benchmem",
                "-test.count=" + (quick ? 1 : 5),
                "-test.benchtime=" + (quick ? "5ms" : "200ms")));
    List<Measurement> found = parse(round, name, lines);
    if (found.isEmpty()) throw new ProgramFailedException("no figure in " + lines);
    return found;
  }

  /** The middle one of the repetitions, as of the iterations of JMH. */
  static List<Measurement> parse(int round, String name, List<String> lines) {
    var times = new ArrayList<Double>();
    var bytes = new ArrayList<Double>();
    for (String line : lines) {
      if (!line.startsWith("Benchmark")) continue;
      collect(TIME.matcher(line), times);
      collect(ALLOCATED.matcher(line), bytes);
    }
    var found = new ArrayList<Measurement>();
    if (!times.isEmpty()) found.add(figure(round, name, Measurement.TIME, times, "ns"));
    if (!bytes.isEmpty()) found.add(figure(round, name, Measurement.ALLOCATED, bytes, "B"));
    return found;
  }

  private static void collect(Matcher matcher, List<Double> values) {
    if (matcher.find()) values.add(Double.parseDouble(matcher.group(1)));
  }

  private static Measurement figure(
      int round, String name, String metric, List<Double> values, String unit) {
    return new Measurement(round, Scenario.GO, name, metric, Spread.of(values).median(), unit);
  }
}
