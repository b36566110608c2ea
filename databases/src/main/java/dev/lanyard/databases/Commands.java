package dev.lanyard.databases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Short commands of the system, waited for. */
public final class Commands {
  private Commands() {}

  public static void run(List<String> command) {
    try {
      succeed(start(command), String.join(" ", command));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  public static boolean succeeds(List<String> command) {
    try {
      return finish(start(command)).isEmpty();
    } catch (IOException missing) {
      return false;
    }
  }

  public static void succeed(Process process, String name) throws IOException {
    String complaint = finish(process);
    if (!complaint.isEmpty()) throw new IOException(name + ": " + complaint);
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Empty if it went well. */
  private static String finish(Process process) throws IOException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.onExit().join().exitValue();
    return status == 0 ? "" : "exit status " + status + "\n" + output;
  }
}
