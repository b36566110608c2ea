package dev.lanyard.proofs.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Prints what a row of the fault suite has found, and keeps it in {@code target/faults.txt}. */
final class Figures {
  private static final Path FILE = Path.of("target", "faults.txt");

  private Figures() {}

  static synchronized void print(String row, Object engine, Object found) {
    String line = row + " | " + engine.toString().toLowerCase(Locale.ROOT) + " | " + found;
    System.out.println(line);
    try {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Smallest, median and largest in milliseconds. */
  static String spread(List<Duration> durations) {
    List<Long> sorted = durations.stream().map(Duration::toMillis).sorted().toList();
    if (sorted.isEmpty()) return "none";
    return String.format(
        Locale.ROOT,
        "median %d ms of %d (%d to %d)",
        sorted.get(sorted.size() / 2),
        sorted.size(),
        sorted.getFirst(),
        sorted.getLast());
  }
}
