package dev.lanyard.benchmarks;

/** A program that measures did not end well, or printed no figure. */
public final class ProgramFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * For whoever runs programs.
   *
   * @param message which one, and what it said
   */
  public ProgramFailedException(String message) {
    super(message);
  }
}
