package dev.lanyard.http;

/** The grammar of names in HTTP: {@code token}, RFC 9110 section 5.6.2. */
final class Token {
  private Token() {}

  static boolean is(String text) {
    return end(text, 0, text.length()) == text.length() && !text.isEmpty();
  }

  /** The place behind the last character that belongs to a name. */
  static int end(String text, int from, int to) {
    int at = from;
    while (at < to && isPart(text.charAt(at))) at++;
    return at;
  }

  private static boolean isPart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
