package dev.lanyard.benchmarks;

import dev.lanyard.context.TimeSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** On what machine, with what, and beside how much other work something was measured. */
final class Conditions {
  private Conditions() {}

  static void keep(Path file, Plan plan) throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    List<String> lines =
        List.of(
            "date        " + TimeSource.system().instant(),
            "processor   " + processor() + ", " + system.getAvailableProcessors() + " of them",
            "system      " + system.getName() + " " + system.getVersion() + " " + system.getArch(),
            "java        "
                + System.getProperty("java.vm.version")
                + ", -Xms2g -Xmx2g, else defaults",
            "go          " + (plan.go() == null ? "not measured" : goVersion(plan.go())),
            "load before " + String.format(Locale.ROOT, "%.2f", system.getSystemLoadAverage()),
            "rounds      "
                + plan.rounds()
                + (plan.quick() ? ", quick: not for reading" : "")
                + ", scenarios "
                + plan.only(),
            "");
    Files.writeString(
        file,
        String.join("\n", lines) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static String processor() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.exists(file)) return "unknown";
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse("unknown");
    }
  }

  private static String goVersion(Path go) throws IOException {
    return Files.readString(go.resolve("version.txt")).strip() + ", defaults";
  }
}
