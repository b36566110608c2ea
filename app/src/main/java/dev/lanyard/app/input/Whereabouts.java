package dev.lanyard.app.input;

import java.util.HashMap;
import java.util.Map;

/**
 * Where in a JSON document something stands, as programs say it: {@code tasks[2].timeout}. Of YAML
 * the places do not tell a mapping from its first key.
 */
public final class Whereabouts {
  private final Map<Place, String> paths = new HashMap<>();

  private Whereabouts() {}

  /** Of a text that is no document. */
  public static Whereabouts nowhere() {
    return new Whereabouts();
  }

  /** Of each value in a document, and each key. */
  public static Whereabouts in(Node root) {
    var all = new Whereabouts();
    all.add("", root);
    return all;
  }

  private void add(String path, Node node) {
    paths.put(node.place(), path);
    switch (node) {
      case Node.Mapping mapping -> {
        for (Node.Entry entry : mapping.entries()) {
          String key = path.isEmpty() ? entry.key() : path + "." + entry.key();
          paths.put(entry.place(), Visible.excerpt(key));
          add(Visible.excerpt(key), entry.value());
        }
      }
      case Node.Listing listing -> {
        int index = 0;
        for (Node item : listing.items()) add(path + "[" + index++ + "]", item);
      }
      case Node.Scalar _ -> {}
    }
  }

  /** The path; line and column where there is none, as for a mistake of the syntax. */
  public String of(Place place) {
    String path = paths.get(place);
    return path != null ? path : "line " + place.line() + ", column " + place.column();
  }
}
