package dev.lanyard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The scenarios of this module: those of JMH, and those that are programs of their own. */
record JavaPrograms(Output output, boolean quick) implements Programs {
  private static final List<String> HEAP = List.of("-Xms2g", "-Xmx2g");

  @Override
  public List<Measurement> measure(int round, Scenario scenario)
      throws IOException, InterruptedException {
    return scenario.benchmark() == null
        ? oneShot(round, scenario)
        : benchmark(round, scenario, scenario.benchmark());
  }

  private List<Measurement> oneShot(int round, Scenario scenario)
      throws IOException, InterruptedException {
    var found = new ArrayList<>(run(round, scenario, List.of(), ""));
    if (scenario.section().equals(Footprint.SECTION)) {
      found.addAll(
          run(round, scenario, List.of("-XX:+UseCompactObjectHeaders"), "-with-compact-headers"));
    }
    return found;
  }

  private List<Measurement> run(int round, Scenario scenario, List<String> flags, String suffix)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(HEAP);
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(OneShot.class.getName());
    command.add(scenario.label());
    command.add(quick ? "100" : "1");
    var found = new ArrayList<Measurement>();
    for (String line : output.of(command)) {
      Measurement printed = Measurement.printed(round, scenario.implementation(), line);
      found.add(
          new Measurement(
              round,
              printed.implementation(),
              scenario.name(),
              printed.metric() + suffix,
              printed.value(),
              printed.unit()));
    }
    return found;
  }

  private List<Measurement> benchmark(int round, Scenario scenario, String benchmark)
      throws IOException {
    Path log = Files.createTempFile("lanyard-benchmark", ".txt");
    try {
      var options =
          new OptionsBuilder()
              .include("^" + Pattern.quote(benchmark) + "$")
              .mode(Mode.AverageTime)
              .timeUnit(TimeUnit.NANOSECONDS)
              .forks(1)
              .warmupIterations(quick ? 1 : 5)
              .warmupTime(TimeValue.milliseconds(quick ? 10 : 500))
              .measurementIterations(quick ? 1 : 5)
              .measurementTime(TimeValue.milliseconds(quick ? 10 : 200))
              .addProfiler(GCProfiler.class)
              .jvmArgs(HEAP.toArray(String[]::new))
              .shouldFailOnError(true)
              .output(log.toString());
      if (quick) options.param("size", "1000");
      RunResult result = new Runner(options.build()).runSingle();
      return figures(round, scenario, result);
    } catch (RunnerException failed) {
      throw new ProgramFailedException(failed + "\n" + Files.readString(log));
    } finally {
      output.keep(scenario.label(), Files.readAllLines(log));
      Files.delete(log);
    }
  }

  private static List<Measurement> figures(int round, Scenario scenario, RunResult result) {
    int threads = result.getParams().getThreads();
    var found = new ArrayList<Measurement>();
    // JMH says how long an operation takes its thread; Go says how much of the wall's time it
    // takes.
    found.add(
        new Measurement(
            round,
            scenario.implementation(),
            scenario.name(),
            Measurement.TIME,
            result.getPrimaryResult().getStatistics().getPercentile(50) / threads,
            "ns"));
    Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    if (allocated != null) {
      found.add(
          new Measurement(
              round,
              scenario.implementation(),
              scenario.name(),
              Measurement.ALLOCATED,
              allocated.getScore(),
              "B"));
    }
    return found;
  }
}
