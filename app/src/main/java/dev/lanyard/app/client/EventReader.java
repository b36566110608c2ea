package dev.lanyard.app.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads the lines of one {@code text/event-stream} as events. One thread at a time. */
final class EventReader implements AutoCloseable {
  /** No event of the API comes near; one that is larger is skipped. */
  private static final int LONGEST_EVENT = 8 << 20;

  private final BufferedReader text;
  private final Runnable alive;
  private boolean behindReturn;

  /** {@code alive} is told of each line, comments included. */
  EventReader(InputStream bytes, Runnable alive) {
    this.text = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    this.alive = alive;
  }

  /** The next event; null at the end of the stream. Data that is no JSON is skipped. */
  @Nullable ServerEvent next() throws IOException {
    String type = "message";
    String id = null;
    StringBuilder data = new StringBuilder();
    boolean tooLarge = false;
    String line;
    while ((line = line()) != null) {
      alive.run();
      if (line.isEmpty()) {
        ServerEvent event = tooLarge ? null : event(type, id, data);
        tooLarge = false;
        if (event != null) return event;
        type = "message";
        id = null;
        data.setLength(0);
        continue;
      }
      tooLarge |= data.length() + line.length() > LONGEST_EVENT;
      if (tooLarge) continue;
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      if (value.startsWith(" ")) value = value.substring(1);
      switch (field) {
        case "event" -> type = value;
        case "id" -> id = value;
        case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
        default -> {} // comments, and what a later server says
      }
    }
    return null; // an event without its empty line has not come whole
  }

  /** Without its end, which may be any; of one that is too long, more than the longest event. */
  private @Nullable String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int read;
    while ((read = text.read()) >= 0) {
      boolean secondHalf = read == '\n' && behindReturn;
      behindReturn = read == '\r';
      if (secondHalf) continue;
      if (read == '\n' || read == '\r') return line.toString();
      if (line.length() <= LONGEST_EVENT) line.append((char) read);
    }
    return line.isEmpty() ? null : line.toString();
  }

  private static @Nullable ServerEvent event(String type, @Nullable String id, StringBuilder data) {
    if (data.isEmpty() && id == null && type.equals("message")) return null;
    try {
      return new ServerEvent(
          type, id, data.isEmpty() ? Fields.NONE : Fields.of(Json.read(data.toString())));
    } catch (JacksonException _) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
