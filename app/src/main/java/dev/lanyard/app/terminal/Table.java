package dev.lanyard.app.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Rows in aligned columns. Where a width is given, the flexible columns give way; the others never
 * do, whatever the width: half an id is of no use to anybody. Texts must be safe to show.
 */
public final class Table {
  private static final String BETWEEN = "  ";

  /** A flexible column keeps so much, even if the lines get too long then. */
  private static final int LEAST = 8;

  /** How a column is set. */
  public enum Kind {
    LEFT,
    RIGHT,
    /** On the left, and cut when there is no room. */
    FLEXIBLE
  }

  /** {@code paint} colours a cell and must not change what it says. */
  public record Cell(String text, UnaryOperator<String> paint) {
    public static Cell of(String text) {
      return new Cell(text, painted -> painted);
    }
  }

  private final List<Kind> kinds = new ArrayList<>();
  private final List<Cell> titles = new ArrayList<>();
  private final List<List<Cell>> rows = new ArrayList<>();
  private final Style style;

  public Table(Style style) {
    this.style = style;
  }

  public Table column(String title, Kind kind) {
    kinds.add(kind);
    titles.add(new Cell(title, style::faint));
    return this;
  }

  /** One cell for each column. */
  public void row(Cell... cells) {
    if (cells.length != kinds.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + kinds.size() + " columns");
    }
    rows.add(List.of(cells));
  }

  /** The title and the rows, as wide as they are. */
  public List<String> lines() {
    return lines(Integer.MAX_VALUE);
  }

  /** As wide as the terminal. */
  public List<String> lines(Window window) {
    return lines(window.columns());
  }

  public List<String> lines(int width) {
    int[] widths = new int[kinds.size()];
    measure(widths, titles);
    for (List<Cell> row : rows) measure(widths, row);
    fit(widths, width);
    List<String> lines = new ArrayList<>(rows.size() + 1);
    lines.add(line(widths, titles));
    for (List<Cell> row : rows) lines.add(line(widths, row));
    return lines;
  }

  private static void measure(int[] widths, List<Cell> row) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], Columns.of(row.get(i).text));
    }
  }

  /** Takes what is missing from the widest flexible column, again and again. */
  private void fit(int[] widths, int width) {
    long used = (long) BETWEEN.length() * (widths.length - 1);
    for (int each : widths) used += each;
    while (used > width) {
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        boolean gives = kinds.get(i) == Kind.FLEXIBLE && widths[i] > LEAST;
        if (gives && (widest < 0 || widths[i] > widths[widest])) widest = i;
      }
      if (widest < 0) return;
      widths[widest]--;
      used--;
    }
  }

  private String line(int[] widths, List<Cell> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      Cell cell = row.get(i);
      if (i > 0) line.append(BETWEEN);
      String text = kinds.get(i) == Kind.FLEXIBLE ? Columns.cut(cell.text, widths[i]) : cell.text;
      String space = " ".repeat(Math.max(0, widths[i] - Columns.of(text)));
      String painted = cell.paint.apply(text);
      boolean last = i == widths.length - 1;
      line.append(kinds.get(i) == Kind.RIGHT ? space + painted : last ? painted : painted + space);
    }
    return line.toString().stripTrailing();
  }
}
