package dev.lanyard.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Every scenario runs, once and small: the figures mean nothing. */
@Isolated("some of them keep every processor busy")
class EveryScenarioTest {
  @Test
  void everyBenchmarkRuns(@TempDir Path directory) throws RunnerException {
    System.setProperty("jmh.ignoreLock", "true");
    var options =
        new OptionsBuilder()
            .mode(Mode.SingleShotTime)
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .timeout(TimeValue.seconds(20))
            .param("size", "1000")
            .shouldFailOnError(true)
            .output(directory.resolve("log.txt").toString())
            .build();
    long benchmarks = Scenario.all().stream().filter(s -> s.benchmark() != null).count();
    assertThat(new Runner(options).run()).hasSize((int) benchmarks).hasSizeGreaterThan(50);
  }

  @TestFactory
  Stream<DynamicTest> everyProgramRuns() {
    return OneShot.ALL.stream()
        .map(shot ->
            DynamicTest.dynamicTest(
                shot.name(),
                () -> {
                  var lines = new ArrayList<String>();
                  shot.program().run(new Report(shot.name(), lines::add), 1_000);
                  assertThat(lines)
                      .isNotEmpty()
                      .allSatisfy(line ->
                          assertThat(Measurement.printed(1, "lanyard", line).scenario())
                              .isEqualTo(shot.name()));
                }));
  }
}
