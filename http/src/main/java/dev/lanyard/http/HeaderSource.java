package dev.lanyard.http;

import java.util.List;

/**
 * The headers of a received message, by whichever library received it: {@code
 * request.headers()::getAll} of Vert.x, {@code response.headers()::allValues} of java.net.http.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface HeaderSource {
  /**
   * All values of a header, in the order of their lines.
   *
   * @param name to be compared without regard to case
   * @return one value for each line; empty if there is none, never null
   */
  List<String> all(String name);
}
