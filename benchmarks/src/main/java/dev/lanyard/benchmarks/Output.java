package dev.lanyard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end and keeps everything that it prints in a log. */
public record Output(Path log) {
  private static final int LIMIT_MINUTES = 15;

  /**
   * Runs it.
   *
   * @param command the program and its arguments
   * @return what it printed, on both ways out
   * @throws IOException if it cannot be run
   * @throws InterruptedException if the thread is interrupted; the program is ended
   * @throws ProgramFailedException if it does not end well
   */
  public List<String> of(List<String> command) throws IOException, InterruptedException {
    Path file = Files.createTempFile("lanyard-benchmark", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(file.toFile())
              .start();
      try {
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
          throw new ProgramFailedException(
              "still running after " + LIMIT_MINUTES + " min: " + command);
        }
      } finally {
        process.destroyForcibly();
      }
      List<String> lines = Files.readAllLines(file);
      keep(String.join(" ", command), lines);
      if (process.exitValue() != 0) {
        throw new ProgramFailedException(
            command + " ended with " + process.exitValue() + ":\n" + String.join("\n", lines));
      }
      return lines;
    } finally {
      Files.delete(file);
    }
  }

  void keep(String title, List<String> lines) throws IOException {
    Files.writeString(
        log,
        "# " + title + "\n" + String.join("\n", lines) + "\n\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
