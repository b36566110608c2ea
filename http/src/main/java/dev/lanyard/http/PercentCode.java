package dev.lanyard.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;

/**
 * Values of a baggage between their text and their written form, W3C Baggage section 3.2.1.3.
 * Unlike in forms and in {@code java.net.URLDecoder}, a plus is a plus.
 */
final class PercentCode {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private PercentCode() {}

  static String encode(String value) {
    int plain = 0;
    while (plain < value.length() && staysPlain(value.charAt(plain))) plain++;
    if (plain == value.length()) return value;
    var written = new StringBuilder(value.length() + 16);
    for (byte octet : value.getBytes(UTF_8)) {
      if (octet >= 0 && staysPlain((char) octet)) {
        written.append((char) octet);
      } else {
        HEX.toHexDigits(written.append('%'), octet);
      }
    }
    return written.toString();
  }

  /** A percent sign that no two hexadecimal digits follow stands for itself. */
  static String decode(String written) {
    if (written.indexOf('%') < 0) return written;
    var octets = new byte[written.length()];
    int count = 0;
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c == '%' && isHex(written, i + 1) && isHex(written, i + 2)) {
        octets[count++] = (byte) HexFormat.fromHexDigits(written, i + 1, i + 3);
        i += 2;
      } else {
        octets[count++] = (byte) c;
      }
    }
    return new String(octets, 0, count, UTF_8);
  }

  /** ASCII that is visible, but for those that end a value or quote. */
  static boolean isBaggageOctet(char c) {
    return c > ' ' && c <= '~' && c != '"' && c != ',' && c != ';' && c != '\\';
  }

  private static boolean staysPlain(char c) {
    return isBaggageOctet(c) && c != '%';
  }

  private static boolean isHex(String text, int at) {
    return at < text.length() && HexFormat.isHexDigit(text.charAt(at));
  }
}
