package dev.lanyard.benchmarks;

/** A program that measures did not end well, or printed no figure. */
final class ProgramFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ProgramFailedException(String message) {
    super(message);
  }
}
