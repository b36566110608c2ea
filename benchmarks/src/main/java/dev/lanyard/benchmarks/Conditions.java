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
import org.jspecify.annotations.Nullable;

/** On what machine, with what, and beside how much other work something was measured. */
public final class Conditions {
  private Conditions() {}

  static void keep(Path file, Plan plan) throws IOException {
    keep(
        file,
        "-Xms2g -Xmx2g",
        plan.go() == null ? null : plan.go().resolve("version.txt"),
        plan.rounds()
            + (plan.quick() ? ", quick: not for reading" : "")
            + ", scenarios "
            + plan.only());
  }

  /**
   * Adds those of now.
   *
   * @param file to be added to
   * @param javaFlags of the programs in Java
   * @param goVersion the file in which it stands; null if Go is not measured
   * @param rounds how many, of what
   * @throws IOException if a file cannot be read or written
   */
  public static void keep(Path file, String javaFlags, @Nullable Path goVersion, String rounds)
      throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    List<String> lines =
        List.of(
            "date        " + TimeSource.system().instant(),
            "processor   " + processor() + ", " + system.getAvailableProcessors() + " of them",
            "system      " + system.getName() + " " + system.getVersion() + " " + system.getArch(),
            "java        "
                + System.getProperty("java.vm.version")
                + ", "
                + javaFlags
                + ", else defaults",
            "go          " + (goVersion == null ? "not measured" : version(goVersion)),
            "load before " + String.format(Locale.ROOT, "%.2f", system.getSystemLoadAverage()),
            "rounds      " + rounds,
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

  private static String version(Path go) throws IOException {
    return Files.readString(go).strip() + ", defaults";
  }
}
