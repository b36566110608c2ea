package dev.lanyard.app.client;

import java.io.Serial;
import java.util.List;

/** Why a command cannot do what it was told. The message is for the user and says what to do. */
final class Failure extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final ExitCode exitCode;
  private final transient Fields problem;
  private final boolean isAboutFile;

  Failure(ExitCode exitCode, String message) {
    this(exitCode, message, Fields.NONE, false);
  }

  /** {@code problem} is the server's own description (RFC 9457), or empty. */
  Failure(ExitCode exitCode, String message, Fields problem) {
    this(exitCode, message, problem, false);
  }

  private Failure(ExitCode exitCode, String message, Fields problem, boolean isAboutFile) {
    super(message, null, false, false);
    this.exitCode = exitCode;
    this.problem = problem;
    this.isAboutFile = isAboutFile;
  }

  /** Lines as compilers write them, which editors find the place by. */
  static Failure ofFile(ExitCode exitCode, List<String> lines) {
    return new Failure(exitCode, String.join("\n", lines), Fields.NONE, true);
  }

  ExitCode exitCode() {
    return exitCode;
  }

  Fields problem() {
    return problem;
  }

  /** The status that the server answered with; 0 if it did not. */
  int status() {
    return (int) problem.number("status", 0);
  }

  boolean isAboutFile() {
    return isAboutFile;
  }

  String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
