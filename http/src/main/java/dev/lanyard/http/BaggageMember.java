package dev.lanyard.http;

import org.jspecify.annotations.Nullable;

/**
 * One member of a baggage, by the grammar of W3C Baggage, section 3.2.1. What is received is kept
 * in its written form, so that it goes on as it came and decoding is paid for by those who read.
 *
 * @param name an HTTP token
 * @param written the value, percent-encoded
 * @param properties from the first semicolon on, or ""
 */
record BaggageMember(String name, String written, String properties) {

  static BaggageMember of(String name, String value) {
    if (!Token.is(name)) {
      throw new IllegalArgumentException("no member of a baggage can be named \"" + name + "\"");
    }
    return new BaggageMember(name, PercentCode.encode(value), "");
  }

  /** Null if this part of the text is no member. */
  static @Nullable BaggageMember parse(String text, int from, int to) {
    int begin = Blanks.skip(text, from, to);
    int end = Blanks.skipBack(text, begin, to);
    int nameEnd = Token.end(text, begin, end);
    int equals = Blanks.skip(text, nameEnd, end);
    if (nameEnd == begin || equals == end || text.charAt(equals) != '=') return null;
    int valueBegin = Blanks.skip(text, equals + 1, end);
    int valueEnd = valueEnd(text, valueBegin, end);
    int semicolon = Blanks.skip(text, valueEnd, end);
    if (!areProperties(text, semicolon, end)) return null;
    return new BaggageMember(
        text.substring(begin, nameEnd),
        text.substring(valueBegin, valueEnd),
        text.substring(semicolon, end));
  }

  String value() {
    return PercentCode.decode(written);
  }

  int length() {
    return name.length() + 1 + written.length() + properties.length();
  }

  void appendTo(StringBuilder list) {
    list.append(name).append('=').append(written).append(properties);
  }

  /** Any number of {@code ; key} and {@code ; key = value}, with blanks wherever one may be. */
  private static boolean areProperties(String text, int from, int to) {
    int at = from;
    while (at < to) {
      if (text.charAt(at) != ';') return false;
      int key = Blanks.skip(text, at + 1, to);
      int keyEnd = Token.end(text, key, to);
      if (keyEnd == key) return false;
      at = Blanks.skip(text, keyEnd, to);
      if (at < to && text.charAt(at) == '=') {
        at = Blanks.skip(text, valueEnd(text, Blanks.skip(text, at + 1, to), to), to);
      }
    }
    return true;
  }

  private static int valueEnd(String text, int from, int to) {
    int at = from;
    while (at < to && PercentCode.isBaggageOctet(text.charAt(at))) at++;
    return at;
  }
}
