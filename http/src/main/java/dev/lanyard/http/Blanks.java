package dev.lanyard.http;

/** The blanks and tabs that HTTP allows around what a header says. They are no part of it. */
final class Blanks {
  private Blanks() {}

  /** The first place that is no blank, or {@code to}. */
  static int skip(String text, int from, int to) {
    int at = from;
    while (at < to && isBlank(text.charAt(at))) at++;
    return at;
  }

  /** The place behind the last one that is no blank, or {@code from}. */
  static int skipBack(String text, int from, int to) {
    int end = to;
    while (end > from && isBlank(text.charAt(end - 1))) end--;
    return end;
  }

  static String strip(String text) {
    int from = skip(text, 0, text.length());
    return text.substring(from, skipBack(text, from, text.length()));
  }

  /** Not {@code Character.isWhitespace}: a line break in a header is an attack, no blank. */
  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
