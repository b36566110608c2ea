package dev.lanyard.app.input;

import java.util.List;

/** A value of a file, whatever the format, with the place where it stands. */
public sealed interface Node {
  Place place();

  /** How a message calls what was found here. */
  String described();

  /** {@code complete} is false when a syntax error cut it short. */
  record Mapping(Place place, List<Entry> entries, boolean complete) implements Node {
    @Override
    public String described() {
      return "a mapping";
    }
  }

  record Entry(Place place, String key, Node value) {}

  record Listing(Place place, List<Node> items, boolean complete) implements Node {
    @Override
    public String described() {
      return items.isEmpty() ? "an empty list" : "a list";
    }
  }

  /** {@code text} is what the file says, also for numbers. */
  record Scalar(Place place, Kind kind, String text) implements Node {
    @Override
    public String described() {
      return switch (kind) {
        case TEXT -> text.isEmpty() ? "an empty text" : "\"" + Visible.excerpt(text) + "\"";
        case NUMBER, FLAG -> Visible.excerpt(text);
        case NOTHING -> "nothing";
      };
    }
  }

  enum Kind {
    TEXT,
    NUMBER,
    FLAG,
    NOTHING
  }
}
