package dev.lanyard.proofs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * jcstress in a JVM of its own, and what it said.
 *
 * @param exitCode zero if no forbidden outcome was seen
 */
public record JcstressRun(int exitCode, String output) {
  private static final Pattern COUNTS = Pattern.compile("(\\d+) passed, (\\d+) failed");
  private static final Pattern OBSERVED =
      Pattern.compile("\\s+(\\S.*\\S)\\s+([\\d,]+)\\s+<?[\\d.]+%\\s+\\w+.*");

  /** Runs the tests whose names match, for so many milliseconds each and iteration. */
  public static JcstressRun of(String tests, int millis, String... more)
      throws IOException, InterruptedException {
    Path directory = Files.createDirectories(Path.of("target", "jcstress"));
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Surefire hides the class path in a manifest, and jcstress hands its own on to its forks.
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", classPath, "org.openjdk.jcstress.Main"));
    command.addAll(List.of("-t", tests, "-r", "report", "-c", "2", "-f", "1"));
    command.addAll(List.of("-time", String.valueOf(millis)));
    if (Length.isLong()) {
      command.addAll(List.of("-iters", "5"));
    } else {
      // One JVM configuration, one short iteration. Two actors on two CPUs need no affinity.
      command.addAll(List.of("-iters", "1", "-sc", "false", "-af", "NONE"));
      command.addAll(List.of("-jvmArgs", "-XX:+UseSerialGC -Xmx256m"));
    }
    command.addAll(List.of(more));
    Path output = directory.resolve(tests.replaceAll("\\W+", "-") + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      return new JcstressRun(process.waitFor(), Files.readString(output));
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }

  /** How many tests have passed, of all in this run. */
  public int passed() {
    Matcher counts = COUNTS.matcher(output);
    int passed = 0;
    while (counts.find()) passed = Integer.parseInt(counts.group(1));
    return passed;
  }

  /** Every result that a test has shown, and how often; only for a run with {@code -v}. */
  public SortedMap<String, Long> observed(Class<?> test) {
    var observed = new TreeMap<String, Long>();
    String report = output.substring(output.indexOf("RUN RESULTS"));
    boolean within = false;
    for (String line : report.lines().toList()) {
      if (line.startsWith(".")) within = line.endsWith("] " + test.getName());
      Matcher row = OBSERVED.matcher(line);
      if (!within || !row.matches()) continue;
      observed.merge(row.group(1), Long.parseLong(row.group(2).replace(",", "")), Long::sum);
    }
    return observed;
  }
}
