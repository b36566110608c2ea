package dev.lanyard.app.terminal;

import java.io.Console;
import java.io.IOException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The size of the terminal. It is asked anew for each frame, so that the bars follow when the
 * window is resized. Not thread-safe: it belongs to whoever draws.
 */
public final class Window implements AutoCloseable {
  private static final int USUAL_COLUMNS = 80;
  private static final int USUAL_ROWS = 24;

  private boolean opened;
  private @Nullable Terminal terminal;

  /** Whether standard output is a terminal that can draw. */
  @SuppressWarnings("SystemConsoleNull") // since 25 it is null again where there is no terminal
  public static boolean isThere() {
    Console console = System.console();
    String type = System.getenv("TERM");
    return console != null && console.isTerminal() && type != null && !type.equals("dumb");
  }

  int columns() {
    int columns = terminal() == null ? 0 : terminal().getColumns();
    return columns > 0 ? columns : USUAL_COLUMNS;
  }

  int rows() {
    int rows = terminal() == null ? 0 : terminal().getRows();
    return rows > 0 ? rows : USUAL_ROWS;
  }

  /** Opened when the first bar is drawn: a run that is over before that does without. */
  private @Nullable Terminal terminal() {
    if (!opened) {
      opened = true;
      try {
        // Signals are the program's own business, and a terminal that cannot be had is no reason to
        // stop.
        terminal =
            TerminalBuilder.builder()
                .system(true)
                .nativeSignals(false)
                .graphemeCluster(false)
                .dumb(true)
                .build();
      } catch (IOException | IllegalStateException _) {
        terminal = null;
      }
    }
    return terminal;
  }

  @Override
  public void close() {
    Terminal open = terminal;
    if (open == null) return;
    try {
      open.close();
    } catch (IOException _) {
      // Nothing was changed on it that would have to be changed back.
    }
  }
}
