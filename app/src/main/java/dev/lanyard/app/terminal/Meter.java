package dev.lanyard.app.terminal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One row with a name, a bar, and what is to be said behind it. */
public final class Meter {
  private static final int LONGEST_BAR = 30;
  private static final int SHORTEST_BAR = 8;

  private Meter() {}

  /**
   * The row, with as long a bar as there is room for, or none.
   *
   * @param name safe to show; cut or filled to {@code names} columns
   * @param percent null while nothing is known
   * @param width of the whole row
   */
  public static String row(
      String name, int names, @Nullable Integer percent, String tail, int width, Style style) {
    String shown = "  " + Columns.pad(Columns.cut(name, names), names);
    String number = percent == null ? "    " : String.format("%3d%%", percent);
    String rest = " " + number + "  " + tail;
    int room = Math.min(LONGEST_BAR, width - Columns.of(shown) - Columns.of(rest) - 2);
    if (room < SHORTEST_BAR) return Columns.cut(shown + rest, width);
    int full = (percent == null ? 0 : percent) * room / 100;
    return shown
        + "  "
        + style.good("━".repeat(full))
        + style.faint("─".repeat(room - full))
        + rest;
  }

  /** How wide the names are when the widest is this wide. */
  public static int names(int widest, int width) {
    return Math.clamp(widest, 1, Math.max(1, width * 2 / 5));
  }

  public static int columns(String text) {
    return Columns.of(text);
  }

  /** As much of the text as fits. */
  public static String fit(String text, int width) {
    return width <= 0 ? "" : Columns.cut(text, width);
  }

  /** In tenths of a second, so that the digits before the point do not jump about. */
  public static String elapsed(Duration spent) {
    if (spent.isNegative()) return "0.0s";
    if (spent.toMinutes() > 0) return spent.toMinutes() + "m" + spent.toSecondsPart() + "s";
    return spent.toSeconds() + "." + spent.toMillisPart() / 100 + "s";
  }
}
