package dev.lanyard.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Makes header values that someone might send to break a parser: valid ones, valid ones with a few
 * things wrong, and rubbish. The same seed makes the same values.
 */
final class HostileText {
  private static final String[] BITS = {
    "",
    " ",
    "\t",
    "\r\n",
    "\n",
    "\r",
    "\u0000",
    "\u001b[2J",
    "\u007f",
    "\u0080",
    "\u00a0",
    "\u0131",
    "\u0660",
    "\uff10",
    "\u202e",
    "\u2028",
    "\ufeff",
    "\uffff",
    "\ud83d",
    "\ude00",
    "\ud83d\ude00",
    ",",
    ";",
    "=",
    "-",
    "%",
    "%0",
    "%0d%0a",
    "%zz",
    "%C3",
    "%FF",
    "\"",
    "\\",
    "*",
    "@",
    "/",
    "+",
    "~",
    "0",
    "00",
    "ff",
    "FF",
    "g",
    "a",
    "Z",
    "9",
    "_",
    "(",
    "{",
    "|",
    "${jndi:x}",
    "'",
    "<",
    "99999999",
  };

  private final Random random;

  HostileText(long seed) {
    this.random = new Random(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int chances) {
    return random.nextInt(chances) == 0;
  }

  String of(String alphabet, int least, int most) {
    int length = least + below(most - least + 1);
    var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) text.append(alphabet.charAt(below(alphabet.length())));
    return text.toString();
  }

  String blanks() {
    return oneIn(4) ? of(" \t", 0, 3) : "";
  }

  /**
   * None, one or several headers, each a valid one that may have been tampered with, or rubbish.
   */
  List<String> headers(Supplier<String> valid) {
    int count = oneIn(3) ? below(5) : 1;
    List<String> headers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) headers.add(header(valid));
    return headers;
  }

  String header(Supplier<String> valid) {
    int kind = below(16);
    if (kind == 0) return rubbish();
    String text = blanks() + valid.get() + blanks();
    for (int i = kind < 8 ? 0 : below(4); i > 0; i--) text = tamperedWith(text);
    return text;
  }

  String rubbish() {
    var text = new StringBuilder();
    int length = oneIn(200) ? below(3_000) : below(12);
    for (int i = 0; i < length; i++) text.append(bit());
    return text.toString();
  }

  /** Any string at all, halves of surrogate pairs included. */
  String unicode(int most) {
    var text = new StringBuilder();
    for (int i = below(most + 1); i > 0; i--) {
      text.append(oneIn(2) ? (char) (' ' + below(95)) : (char) below(0x10000));
    }
    return text.toString();
  }

  private String tamperedWith(String text) {
    int from = below(text.length() + 1);
    int to = Math.min(text.length(), from + below(3));
    return switch (below(6)) {
      case 0 -> text.substring(0, from) + bit() + text.substring(from);
      case 1 -> text.substring(0, from) + bit() + text.substring(to);
      case 2 -> text.substring(0, from) + text.substring(to);
      case 3 -> text.substring(0, from);
      case 4 -> text.substring(0, from) + Character.toString(below(0x250)) + text.substring(to);
      default -> text + text.substring(from);
    };
  }

  private String bit() {
    return BITS[below(BITS.length)];
  }
}
