package dev.lanyard.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Runs the jcstress tests in a JVM of their own and fails on a forbidden outcome. */
@Isolated("races want the machine to themselves")
class MemoryModelTest {
  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void noForbiddenOutcome() throws Exception {
    Run run = stress("dev.lanyard.proofs.memory.");
    assertThat(run.exitCode).as(run.output).isZero();
    assertThat(run.passed()).as(run.output).isGreaterThanOrEqualTo(22);
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void forbiddenOutcomeFailsTheRun() throws Exception {
    Run run = stress("dev.lanyard.proofs.broken.");
    assertThat(run.exitCode).as(run.output).isNotZero();
    assertThat(run.output).contains("an update is lost");
  }

  private static Run stress(String tests) throws IOException, InterruptedException {
    Path directory = Files.createDirectories(Path.of("target", "jcstress"));
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Surefire hides the class path in a manifest, and jcstress hands its own on to its forks.
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", classPath, "org.openjdk.jcstress.Main"));
    command.addAll(List.of("-t", Pattern.quote(tests), "-r", "report", "-c", "2"));
    if (Length.isLong()) {
      command.addAll(List.of("-f", "1", "-iters", "5", "-time", "1000"));
    } else {
      // One JVM configuration, one short iteration. Two actors on two CPUs need no affinity.
      command.addAll(List.of("-f", "1", "-iters", "1", "-time", "300", "-sc", "false"));
      command.addAll(List.of("-af", "NONE", "-jvmArgs", "-XX:+UseSerialGC -Xmx256m"));
    }
    Path output = directory.resolve(tests + "log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      return new Run(process.waitFor(), Files.readString(output));
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }

  private record Run(int exitCode, String output) {
    int passed() {
      var counts = Pattern.compile("(\\d+) passed, (\\d+) failed").matcher(output);
      int passed = 0;
      while (counts.find()) passed = Integer.parseInt(counts.group(1));
      return passed;
    }
  }
}
