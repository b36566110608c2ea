package dev.lanyard.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/**
 * {@link Saturation} for {@code StructuredTaskScope}, a preview: from its source, in a JVM that
 * allows previews.
 */
final class StructuredSaturation {
  private static final String SOURCE = "StructuredSaturation.java";

  private StructuredSaturation() {}

  static List<OneShot> programs() {
    return List.of(
        new OneShot("Saturation", "structured-saturation", StructuredSaturation::measure));
  }

  private static void measure(Report report, int divisor) throws Exception {
    Path directory = Files.createTempDirectory("lanyard-benchmark");
    Path source = directory.resolve(SOURCE);
    Path log = directory.resolve("log.txt");
    try (InputStream text = StructuredSaturation.class.getResourceAsStream(SOURCE)) {
      Files.copy(Objects.requireNonNull(text, SOURCE), source, StandardCopyOption.REPLACE_EXISTING);
      String lasting = Long.toString(Saturation.lasting(divisor).toMillis());
      for (String line : run(log, source, lasting)) {
        String[] words = line.split("\t", -1);
        if (words.length == 2) report.say(words[0], Double.parseDouble(words[1]), "ms");
      }
    } finally {
      Files.deleteIfExists(source);
      Files.deleteIfExists(log);
      Files.delete(directory);
    }
  }

  private static List<String> run(Path log, Path source, String lasting)
      throws IOException, InterruptedException {
    String release = Integer.toString(Runtime.version().feature());
    return new Output(log)
        .of(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-preview",
                "--source",
                release,
                source.toString(),
                lasting));
  }
}
