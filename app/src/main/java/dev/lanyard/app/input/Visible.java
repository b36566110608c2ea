package dev.lanyard.app.input;

/**
 * Text from outside made safe to show: whatever could move the cursor, colour the screen, break the
 * line or turn the direction of writing around is shown as an escape instead.
 */
public final class Visible {
  private static final int EXCERPT = 60;

  private Visible() {}

  public static String of(String text) {
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      if (isHostile(codePoint)) return escaped(text, i);
      i += Character.charCount(codePoint);
    }
    return text;
  }

  /** As {@link #of}, and not longer than fits into a message. */
  static String excerpt(String text) {
    if (text.codePointCount(0, text.length()) <= EXCERPT) return of(text);
    return of(text.substring(0, text.offsetByCodePoints(0, EXCERPT))) + "…";
  }

  private static String escaped(String text, int from) {
    StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, from);
    text.codePoints().skip(text.codePointCount(0, from)).forEach(point -> append(shown, point));
    return shown.toString();
  }

  private static void append(StringBuilder shown, int codePoint) {
    switch (codePoint) {
      case '\n' -> shown.append("\\n");
      case '\r' -> shown.append("\\r");
      case '\t' -> shown.append("\\t");
      case 0x1b -> shown.append("\\e");
      default -> {
        if (!isHostile(codePoint)) shown.appendCodePoint(codePoint);
        else if (codePoint < 0x100) shown.append(String.format("\\x%02x", codePoint));
        else shown.append(String.format("\\u{%x}", codePoint));
      }
    }
  }

  private static boolean isHostile(int codePoint) {
    if (codePoint >= ' ' && codePoint < 0x7f) return false;
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      // Joiners and tags that emoji are made of stay; what reorders or hides text does not.
      case Character.FORMAT ->
          codePoint != 0x200c
              && codePoint != 0x200d
              && !(codePoint >= 0xe0020 && codePoint <= 0xe007f);
      default -> false;
    };
  }
}
