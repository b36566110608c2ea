package dev.lanyard.app.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines that scroll by on a terminal, above rows that are drawn anew with each frame. Each frame
 * begins at the start of its first row, so whatever else was written there is gone with the next
 * one. Not thread-safe.
 */
public final class LiveLines {
  private static final String ERASE_LINE = "\033[K";
  private static final String ERASE_BELOW = "\033[J";

  private final OutputStream out;
  private final Window window;
  private int drawn;

  public LiveLines(OutputStream out, Window window) {
    this.out = out;
    this.window = window;
  }

  /** What keeps a row from the edge: some terminals wrap in the last column. */
  public int columns() {
    return Math.max(1, window.columns() - 2);
  }

  /** Rows that fit below at least one line. */
  public int rows() {
    return Math.max(1, window.rows() - 2);
  }

  /** Prints the lines, and the rows below them in place of those before. */
  public void draw(List<String> lines, List<String> rows) throws IOException {
    StringBuilder frame = new StringBuilder("\r");
    if (drawn > 1) frame.append("\033[").append(drawn - 1).append('A');
    // A line may be as long as it likes, and wrap over what was drawn below it.
    if (!lines.isEmpty()) frame.append(ERASE_BELOW);
    for (String line : lines) frame.append(line).append('\n');
    List<String> shown = new ArrayList<>(rows.subList(0, Math.min(rows.size(), rows())));
    frame.append(String.join(ERASE_LINE + "\n", shown)).append(ERASE_LINE).append(ERASE_BELOW);
    drawn = shown.size();
    out.write(frame.toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
