package dev.lanyard.app.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The part of an address behind the question mark. */
final class Query {
  private final StringBuilder text = new StringBuilder();

  /** Adds a parameter, unless there is no value for it. */
  Query with(String name, @Nullable Object value) {
    if (value == null) return this;
    text.append(text.isEmpty() ? '?' : '&').append(name).append('=');
    // A comma between states is clearer as it is, and allowed to be.
    text.append(encoded(value.toString()).replace("%2C", ","));
    return this;
  }

  /** Encoded for a query as well as for a segment of a path. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
