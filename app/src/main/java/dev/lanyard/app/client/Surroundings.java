package dev.lanyard.app.client;

import dev.lanyard.app.terminal.Style;
import dev.lanyard.app.terminal.Window;
import dev.lanyard.context.TimeSource;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;

/**
 * What a command has around it. Tests give it their own.
 *
 * @param terminal whether a person looks at the output
 * @param window how wide that person's terminal is
 */
record Surroundings(
    OutputStream out,
    OutputStream err,
    Map<String, String> environment,
    boolean terminal,
    Window window,
    InstantSource time,
    ZoneId zone) {

  static Surroundings ofProcess() {
    return new Surroundings(
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        System.getenv(),
        Window.isThere(),
        new Window(),
        TimeSource.system()::instant,
        ZoneId.systemDefault());
  }

  Instant now() {
    return time.instant();
  }

  /** Colours are for terminals, and for those who want them. */
  Style style(boolean noColor) {
    String wish = environment.get("NO_COLOR");
    boolean without = noColor || (wish != null && !wish.isEmpty());
    return terminal && !without ? Style.COLOURED : Style.PLAIN;
  }
}
