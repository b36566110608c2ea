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
  /** No event of the API comes near. */
  private static final int LONGEST_EVENT = 8 << 20;

  private final BufferedReader lines;
  private final Runnable alive;

  /** {@code alive} is told of each line, comments included. */
  EventReader(InputStream bytes, Runnable alive) {
    this.lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    this.alive = alive;
  }

  /** The next event; null at the end of the stream. Data that is no JSON object is skipped. */
  @Nullable ServerEvent next() throws IOException {
    String type = "message";
    String id = null;
    StringBuilder data = new StringBuilder();
    String line;
    while ((line = lines.readLine()) != null) {
      alive.run();
      if (line.isEmpty()) {
        ServerEvent event = event(type, id, data);
        if (event != null) return event;
        type = "message";
        id = null;
        data.setLength(0);
        continue;
      }
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
      if (data.length() > LONGEST_EVENT) throw new IOException("an event larger than 8 MiB");
    }
    return null; // an event without its empty line has not come whole
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
    lines.close();
  }
}
