package dev.lanyard.gateway;

import io.vertx.core.MultiMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which headers belong to one connection and are not passed on: those that RFC 9110, section 7.6.1
 * knows, and those that the sender names in {@code Connection}. What frames a message or says for
 * whom it is cannot be named away.
 */
final class HopByHop {
  private static final Set<String> ALWAYS =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings");
  private static final Set<String> NEVER = Set.of("host", "content-length");

  private HopByHop() {}

  /** In small letters. */
  static Set<String> of(MultiMap headers) {
    List<String> connection = headers.getAll("connection");
    if (connection.isEmpty()) return ALWAYS;
    Set<String> names = new HashSet<>(ALWAYS);
    for (String line : connection) {
      for (String name : line.split(",", -1)) names.add(name.strip().toLowerCase(Locale.ROOT));
    }
    names.removeAll(NEVER);
    return names;
  }

  /** Whether one of the lines has the word in its list. */
  static boolean lists(List<String> lines, String word) {
    for (String line : lines) {
      for (String item : line.split(",", -1)) {
        if (item.strip().equalsIgnoreCase(word)) return true;
      }
    }
    return false;
  }
}
