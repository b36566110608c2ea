package dev.lanyard.durable;

/**
 * A path is the ids of all ancestors of a task and its own, each followed by a slash. No letter
 * that may stand in an id comes between the slash and the zero that follows it, so what is below a
 * task is the range from its path to the same path with a zero at its end: an index answers that on
 * every database, and {@code like} would not.
 */
final class Paths {
  private Paths() {}

  static String end(String path) {
    return path.substring(0, path.length() - 1) + '0';
  }
}
