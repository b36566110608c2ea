package dev.lanyard.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The file of an example: what it shows, what it says that it prints, what it prints. */
record Example(String name) {
  private static final Path FOLDER = Path.of("src/main/java/dev/lanyard/examples");

  /** The larger one has a folder, and a module, of its own. */
  private static final String ORDERS = "orders/";

  private static final String OUTPUT = "\n// Output:\n";

  private static final Set<String> NO_PROGRAMS = Set.of("package-info", "Browser");

  static Stream<Example> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .filter(name -> !NO_PROGRAMS.contains(name))
          .sorted()
          .map(Example::new)
          .toList()
          .stream();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private String source() {
    try {
      Path folder = name.startsWith(ORDERS) ? Path.of(ORDERS).resolve(FOLDER) : FOLDER;
      return Files.readString(folder.resolve(name + ".java"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** What stands between the markers of a region, moved to the left margin. */
  String region(String region) {
    String start = "// @start region=\"" + region + "\"\n";
    return after(start)
        .lines()
        .takeWhile(line -> !line.strip().equals("// @end"))
        .collect(Collectors.joining("\n"))
        .stripTrailing() // first: a last line that is blank would count as indented by nothing
        .stripIndent()
        .concat("\n");
  }

  String expectedOutput() {
    return after(OUTPUT)
        .lines()
        .map(line -> line.substring("// ".length()) + "\n")
        .collect(Collectors.joining());
  }

  private String after(String marker) {
    String source = source();
    int start = source.indexOf(marker);
    if (start < 0) throw new AssertionError(name + ".java has no line " + marker.strip());
    return source.substring(start + marker.length());
  }

  /** Runs the program in a JVM of its own: then it also shows that it ends. */
  String output() throws IOException, InterruptedException {
    Process program =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-Dstdout.encoding=UTF-8",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Example.class.getPackageName() + "." + name))
            .redirectErrorStream(true)
            .start();
    try {
      if (!program.waitFor(50, TimeUnit.SECONDS)) throw new AssertionError(name + " does not end");
      return new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      program.destroyForcibly();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
