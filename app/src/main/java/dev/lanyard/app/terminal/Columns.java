package dev.lanyard.app.terminal;

import org.jline.utils.WCWidth;

/** How wide text is on a terminal, where some characters take two columns and some none. */
public final class Columns {
  private Columns() {}

  static int of(String text) {
    return text.codePoints().map(Columns::of).sum();
  }

  private static int of(int codePoint) {
    return Math.max(0, WCWidth.wcwidth(codePoint));
  }

  /** The text, or as much of it as fits together with an ellipsis. */
  public static String cut(String text, int columns) {
    if (of(text) <= columns) return text;
    StringBuilder cut = new StringBuilder();
    int used = 1;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      used += of(codePoint);
      if (used > columns) break;
      cut.appendCodePoint(codePoint);
      i += Character.charCount(codePoint);
    }
    return cut.append('…').toString();
  }

  public static String pad(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - of(text)));
  }
}
