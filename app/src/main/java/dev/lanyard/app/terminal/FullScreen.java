package dev.lanyard.app.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The whole terminal, drawn frame by frame, with the keys that are typed. What was on it before
 * comes back at the end, whatever the end is: close, an exception, a signal that ends the JVM.
 *
 * <p>One thread draws and reads keys; any thread may close.
 */
public final class FullScreen implements AutoCloseable {
  /** The other screen, no cursor, no wrapping at the edge. */
  private static final String ENTER = "\033[?1049h\033[?25l\033[?7l\033[2J";

  private static final String LEAVE = "\033[?7h\033[?25h\033[?1049l";

  /** Terminals that know this mark show a frame at once; others skip it. */
  private static final String FRAME_BEGINS = "\033[?2026h";

  private static final String FRAME_ENDS = "\033[?2026l";

  private final Terminal terminal;
  private final OutputStream out;
  private final Attributes before;
  private final Thread hook;
  private List<String> shown = List.of();
  private int shownColumns;
  private int shownRows;
  private boolean left;

  private FullScreen(Terminal terminal) throws IOException {
    this.terminal = terminal;
    this.out = terminal.output();
    this.before = terminal.enterRawMode();
    Attributes raw = terminal.getAttributes();
    raw.setLocalFlag(LocalFlag.ISIG, true); // Ctrl+C stays a signal, as in every other command
    // Ctrl+Z would leave a shell in a terminal without echo, Ctrl+\ a thread dump on the screen.
    raw.setControlChar(ControlChar.VSUSP, 0);
    raw.setControlChar(ControlChar.VQUIT, 0);
    terminal.setAttributes(raw);
    this.hook = Thread.ofPlatform().name("lanyard-screen").unstarted(this::leave);
    Runtime.getRuntime().addShutdownHook(hook);
    write(ENTER);
  }

  /**
   * Takes the terminal.
   *
   * @throws IOException if there is none
   */
  public static FullScreen open() throws IOException {
    try {
      Terminal terminal =
          TerminalBuilder.builder()
              .system(true)
              .nativeSignals(false) // they are the program's own business
              .graphemeCluster(false)
              .dumb(false)
              .build();
      return new FullScreen(terminal);
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  public int columns() {
    int columns = terminal.getColumns();
    return columns > 0 ? columns : 80;
  }

  public int rows() {
    int rows = terminal.getRows();
    return rows > 0 ? rows : 24;
  }

  /** Shows the lines from the top; only those that changed are sent. */
  public void draw(List<String> lines, int columns, int rows) throws IOException {
    StringBuilder frame = new StringBuilder(FRAME_BEGINS);
    if (columns != shownColumns || rows != shownRows) {
      frame.append("\033[2J");
      shown = List.of();
    }
    int count = Math.min(lines.size(), rows);
    for (int i = 0; i < count; i++) {
      if (i < shown.size() && shown.get(i).equals(lines.get(i))) continue;
      // Erased first: behind a line that fills the row, the cursor stands on its last character.
      frame.append("\033[").append(i + 1).append(";1H\033[K").append(lines.get(i));
    }
    if (count < shown.size()) frame.append("\033[").append(count + 1).append(";1H\033[J");
    shown = List.copyOf(lines.subList(0, count));
    shownColumns = columns;
    shownRows = rows;
    write(frame.append(FRAME_ENDS).toString());
  }

  /** What was typed, or a negative number if nothing was for so long, or nobody can type. */
  public int key(long milliseconds) throws IOException {
    return terminal.reader().read(milliseconds);
  }

  private void write(String text) throws IOException {
    synchronized (out) {
      if (left) return;
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  private void leave() {
    synchronized (out) {
      if (left) return;
      left = true;
      try {
        out.write(LEAVE.getBytes(StandardCharsets.UTF_8));
        out.flush();
      } catch (IOException _) {
        // The terminal is gone, and with it what there was to bring back.
      }
    }
    terminal.setAttributes(before);
  }

  @Override
  public void close() {
    leave();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The program is ending: the hook finds that nothing is left to do.
    }
    try {
      terminal.close();
    } catch (IOException _) {
      // Its attributes are restored already.
    }
  }
}
