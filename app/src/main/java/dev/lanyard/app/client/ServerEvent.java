package dev.lanyard.app.client;

import org.jspecify.annotations.Nullable;

/**
 * One event of the stream.
 *
 * @param type as the server calls it (task, progress, stats, reset, dropped), or {@link #CONNECTED}
 *     or {@link #LOST}
 * @param id null for those that are not stored
 */
record ServerEvent(String type, @Nullable String id, Fields data) {
  /** The stream is there, for the first time or again: what was known before may be old. */
  static final String CONNECTED = "connected";

  /** The stream broke; the next event is {@link #CONNECTED}, however long that takes. */
  static final String LOST = "lost";
}
