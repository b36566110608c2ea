package dev.lanyard.vertx;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A response as it came, header names in small letters. */
record Answer(int status, Map<String, List<String>> headers, String body) {
  @Nullable String header(String name) {
    List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
    return values == null ? null : String.join(",", values);
  }
}
