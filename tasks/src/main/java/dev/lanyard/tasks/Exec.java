package dev.lanyard.tasks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command of the operating system. Its standard output and standard error are captured together;
 * its standard input is empty. An exit code other than zero is a failure, with the end of the
 * output in its message.
 *
 * @param command the program and its arguments
 * @param environment added to that of this process
 * @param directory where it runs; null for that of this process
 * @param maxOutputBytes how much of the output is kept: the end of it
 * @param grace how long the processes have between the request to end and being killed
 * @since 0.1
 */
public record Exec(
    List<String> command,
    Map<String, String> environment,
    @Nullable Path directory,
    int maxOutputBytes,
    Duration grace) {
  /** The kind {@code exec}. Its result is an {@link Output}. */
  public static final TaskKind<Exec> KIND = kindWithout(Set.of());

  /** How much output is kept unless something else is said: 64 KiB. */
  public static final int DEFAULT_MAX_OUTPUT_BYTES = 64 * 1024;

  /** The grace unless something else is said: a second. */
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(1);

  /**
   * Checks and copies the values.
   *
   * @throws IllegalArgumentException if there is no command, or a bound is negative
   */
  public Exec {
    command = List.copyOf(Objects.requireNonNull(command, "there is no command to run"));
    environment = Map.copyOf(Objects.requireNonNull(environment, "there is no environment"));
    Objects.requireNonNull(grace, "say how long the grace is");
    if (command.isEmpty() || command.getFirst().isBlank()) {
      throw new IllegalArgumentException("the command is empty");
    }
    if (maxOutputBytes < 0) {
      throw new IllegalArgumentException(
          "the bound of the output cannot be negative, but is " + maxOutputBytes);
    }
    if (grace.isNegative()) {
      throw new IllegalArgumentException(
          "the grace cannot be negative, but is " + Wording.duration(grace));
    }
  }

  /**
   * The kind {@code exec} for a process whose environment holds secrets: commands get all of it but
   * these variables. What a task {@linkplain #withEnvironment names itself} it has.
   *
   * @param variables their names
   * @return a kind for the settings of a processor, in the place of {@link #KIND}
   */
  public static TaskKind<Exec> kindWithout(Set<String> variables) {
    Set<String> withheld = Set.copyOf(variables);
    return new TaskKind<>("exec", Exec.class, (attempt, work) -> handle(attempt, work, withheld));
  }

  /**
   * What a command printed.
   *
   * @param exitCode zero for success
   * @param text the end of its output
   * @param cut how many bytes before that were dropped
   * @since 0.1
   */
  public record Output(int exitCode, String text, long cut) {}

  /**
   * A command ended with an exit code other than zero. The message has the code and the last lines
   * of the output.
   *
   * @since 0.1
   */
  public static final class ExitException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 500;

    private final transient Output output;

    ExitException(Output output) {
      super("exit code " + output.exitCode() + lastLines(output.text()));
      this.output = output;
    }

    /**
     * What the command printed, and its exit code.
     *
     * @return the output
     */
    public Output output() {
      return output;
    }

    private static String lastLines(String text) {
      String shown = text.strip();
      if (shown.isEmpty()) return "";
      return ": "
          + (shown.length() <= SHOWN ? shown : "…" + shown.substring(shown.length() - SHOWN));
    }
  }

  /**
   * A program with arguments.
   *
   * @param command the program and its arguments
   * @return the payload
   */
  public static Exec of(List<String> command) {
    return new Exec(command, Map.of(), null, DEFAULT_MAX_OUTPUT_BYTES, DEFAULT_GRACE);
  }

  /**
   * A program with arguments.
   *
   * @param command the program and its arguments
   * @return the payload
   */
  public static Exec of(String... command) {
    return of(List.of(command));
  }

  /**
   * A line for the shell: {@code /bin/sh -c}, on Windows {@code cmd /c}.
   *
   * @param line as it would be typed
   * @return the payload
   */
  public static Exec shell(String line) {
    Objects.requireNonNull(line, "there is no line for the shell");
    if (line.isBlank()) throw new IllegalArgumentException("the line for the shell is empty");
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    return windows ? of("cmd", "/c", line) : of("/bin/sh", "-c", line);
  }

  /**
   * This command with variables of its own.
   *
   * @param environment added to that of this process
   * @return a payload
   */
  public Exec withEnvironment(Map<String, String> environment) {
    return new Exec(command, environment, directory, maxOutputBytes, grace);
  }

  /**
   * This command in another directory.
   *
   * @param directory null for that of this process
   * @return a payload
   */
  public Exec withDirectory(@Nullable Path directory) {
    return new Exec(command, environment, directory, maxOutputBytes, grace);
  }

  /**
   * This command with another bound for what is kept of its output.
   *
   * @param maxOutputBytes zero keeps nothing
   * @return a payload
   */
  public Exec withMaxOutputBytes(int maxOutputBytes) {
    return new Exec(command, environment, directory, maxOutputBytes, grace);
  }

  /**
   * This command with another grace.
   *
   * @param grace zero kills at once
   * @return a payload
   */
  public Exec withGrace(Duration grace) {
    return new Exec(command, environment, directory, maxOutputBytes, grace);
  }

  private static Output handle(Attempt attempt, Exec work, Set<String> withheld)
      throws IOException, InterruptedException, ExitException {
    var processes = ProcessTree.start(work, withheld);
    Output output;
    try {
      attempt.context().await(processes.exit());
    } finally {
      output = processes.end(work.grace);
    }
    if (output.exitCode() != 0) throw new ExitException(output);
    return output;
  }
}
