package dev.lanyard.app.input;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of the file while it is read. It knows which keys it may have. Each method answers
 * null for a key that is absent, or whose value is wrong: that is then among the problems.
 */
public final class Section {
  private final Node.Mapping mapping;
  private final Problems problems;
  private final Map<String, Node.Entry> entries = LinkedHashMap.newLinkedHashMap(8);

  /** {@code what} is how messages call it: "a task". */
  public Section(Node.Mapping mapping, String what, Set<String> known, Problems problems) {
    this.mapping = mapping;
    this.problems = problems;
    for (Node.Entry entry : mapping.entries()) {
      Node.Entry earlier = entries.putIfAbsent(entry.key(), entry);
      if (earlier != null) {
        problems.add(
            entry.place(),
            quoted(entry.key()) + " stands here twice, first on line " + earlier.place().line());
      } else if (!known.contains(entry.key())) {
        problems.add(entry.place(), unknown(entry.key(), what, known));
      }
    }
  }

  private static String unknown(String key, String what, Set<String> known) {
    if (key.equals("<<")) return "merge keys are not supported: use \"defaults\"";
    String nearest = Nearest.to(key, known);
    return "unknown key "
        + quoted(key)
        + " in "
        + what
        + (nearest != null
            ? ": did you mean \"" + nearest + "\"?"
            : ": expected one of " + String.join(", ", known.stream().sorted().toList()));
  }

  public static String quoted(String text) {
    return "\"" + Visible.excerpt(text) + "\"";
  }

  public Place place() {
    return mapping.place();
  }

  /** Whether a missing key means that it was forgotten, and not that a syntax error cut it off. */
  public boolean complete() {
    return mapping.complete();
  }

  public boolean has(String key) {
    return entries.containsKey(key);
  }

  public @Nullable Node node(String key) {
    Node.Entry entry = entries.get(key);
    return entry == null ? null : entry.value();
  }

  /** Where the key stands, or the section when it is absent. */
  public Place placeOf(String key) {
    Node.Entry entry = entries.get(key);
    return entry == null ? place() : entry.place();
  }

  /** Reports a value that is not what it should be. */
  public void wrong(String key, Node found, String expected) {
    problems.add(
        found.place(), quoted(key) + ": expected " + expected + ", found " + found.described());
  }

  /** A text that says something; numbers count as the text that they are written as. */
  public @Nullable String text(String key) {
    Node node = node(key);
    if (node == null) return null;
    String text = asText(node);
    if (text != null && !text.isBlank()) return text;
    wrong(key, node, "a text");
    return null;
  }

  /** As {@link #text}, and may be empty. */
  @Nullable String anyText(String key) {
    Node node = node(key);
    if (node == null) return null;
    String text = asText(node);
    if (text == null) wrong(key, node, "a text");
    return text;
  }

  private static @Nullable String asText(Node node) {
    return node instanceof Node.Scalar scalar && scalar.kind() != Node.Kind.NOTHING
        ? scalar.text()
        : null;
  }

  public @Nullable Duration duration(String key) {
    Node node = node(key);
    if (node == null) return null;
    if (node instanceof Node.Scalar scalar
        && (scalar.kind() == Node.Kind.TEXT || scalar.kind() == Node.Kind.NUMBER)) {
      Optional<Duration> duration = Durations.parse(scalar.text());
      if (duration.isPresent()) return duration.get();
      if (scalar.kind() == Node.Kind.NUMBER) {
        problems.add(
            node.place(),
            quoted(key)
                + ": expected "
                + Durations.EXPECTED
                + ", found "
                + scalar.described()
                + " without a unit");
        return null;
      }
    }
    wrong(key, node, Durations.EXPECTED);
    return null;
  }

  /** As {@link #duration}, and more than zero. */
  public @Nullable Duration positiveDuration(String key) {
    Duration duration = duration(key);
    Node node = node(key);
    if (duration == null || node == null || duration.isPositive()) return duration;
    wrong(key, node, "more than zero");
    return null;
  }

  public @Nullable Integer wholeNumber(String key, int least, int most) {
    Node node = node(key);
    if (node == null) return null;
    if (node instanceof Node.Scalar scalar
        && scalar.kind() == Node.Kind.NUMBER
        && scalar.text().length() <= 20
        && scalar.text().matches("[-+]?\\d+")) {
      BigInteger value = new BigInteger(scalar.text());
      if (value.compareTo(BigInteger.valueOf(least)) >= 0
          && value.compareTo(BigInteger.valueOf(most)) <= 0) {
        return value.intValueExact();
      }
    }
    wrong(
        key,
        node,
        most == Integer.MAX_VALUE
            ? "a whole number, " + least + " or more"
            : "a whole number from " + least + " to " + most);
    return null;
  }

  public @Nullable Boolean flag(String key) {
    Node node = node(key);
    if (node == null) return null;
    if (node instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.FLAG) {
      return Boolean.parseBoolean(scalar.text());
    }
    wrong(key, node, "true or false");
    return null;
  }

  /** A list with at least one text in it. */
  public @Nullable List<String> texts(String key) {
    Node node = node(key);
    return node == null ? null : texts(key, node);
  }

  @Nullable List<String> texts(String key, Node node) {
    if (!(node instanceof Node.Listing listing) || listing.items().isEmpty()) {
      wrong(key, node, "a list of texts");
      return null;
    }
    List<String> texts = new ArrayList<>(listing.items().size());
    boolean right = true;
    for (Node item : listing.items()) {
      String text = asText(item);
      if (text == null) {
        wrong(key, item, "a text in this list");
        right = false;
      } else {
        texts.add(text);
      }
    }
    return right ? texts : null;
  }

  /** A mapping of any keys to texts, in the order of the file. */
  public @Nullable Map<String, String> textsByKey(String key) {
    Node node = node(key);
    if (node == null) return null;
    if (!(node instanceof Node.Mapping values)) {
      wrong(key, node, "a mapping of names to texts");
      return null;
    }
    Map<String, String> texts = new LinkedHashMap<>();
    boolean right = true;
    for (Node.Entry entry : values.entries()) {
      String text = asText(entry.value());
      if (text == null) {
        wrong(entry.key(), entry.value(), "a text");
        right = false;
      } else if (texts.putIfAbsent(entry.key(), text) != null) {
        problems.add(entry.place(), quoted(entry.key()) + " stands here twice");
        right = false;
      }
    }
    return right ? texts : null;
  }
}
