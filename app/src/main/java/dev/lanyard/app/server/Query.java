package dev.lanyard.app.server;

import dev.lanyard.app.input.Durations;
import dev.lanyard.app.input.Nearest;
import dev.lanyard.app.input.Visible;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What stands behind the question mark. All that is wrong is collected. */
final class Query {
  private final MultiMap parameters;
  private final List<Problem.Mistake> mistakes = new ArrayList<>();

  Query(MultiMap parameters) {
    this.parameters = parameters;
  }

  /** Says that no others are known: a misspelt filter would let everything through. */
  Query only(Set<String> known) {
    for (String name : parameters.names()) {
      if (known.contains(name)) continue;
      String nearest = Nearest.to(name, known);
      String instead =
          nearest != null
              ? "did you mean " + nearest + "?"
              : known.isEmpty()
                  ? "there are none here"
                  : "expected one of " + String.join(", ", known.stream().sorted().toList());
      wrong(name, "unknown parameter: " + instead);
    }
    return this;
  }

  /** Null if it is not there or empty. */
  @Nullable String text(String name) {
    String text = parameters.get(name);
    return text == null || text.isEmpty() ? null : text;
  }

  int number(String name, int least, int most, int usual) {
    String text = text(name);
    if (text == null) return usual;
    if (text.matches("\\d{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) return number;
    }
    wrong(name, "expected a whole number from " + least + " to " + most);
    return usual;
  }

  /** From 0 on. */
  @Nullable Long bigNumber(String name) {
    String text = text(name);
    if (text == null) return null;
    if (text.matches("\\d{1,18}")) return Long.valueOf(text);
    wrong(name, "expected a whole number, 0 or more");
    return null;
  }

  boolean flag(String name) {
    String text = text(name);
    if (text == null || text.equals("false")) return false;
    if (!text.equals("true")) wrong(name, "expected true or false");
    return true;
  }

  @Nullable Duration duration(String name, Duration longest) {
    String text = text(name);
    if (text == null) return null;
    Duration duration = Durations.parse(text).orElse(null);
    if (duration != null && duration.compareTo(longest) <= 0) return duration;
    wrong(name, "expected " + Durations.EXPECTED + ", at most " + Durations.exact(longest));
    return null;
  }

  /** Constants, separated by commas. */
  <E extends Enum<E>> List<E> constants(String name, E[] all) {
    List<E> found = new ArrayList<>();
    for (String values : parameters.getAll(name)) {
      for (String value : values.split(",", -1)) {
        if (value.isBlank()) continue;
        E constant = constant(value.strip(), all);
        if (constant != null) found.add(constant);
        else wrong(name, unknown(value.strip(), all));
      }
    }
    return found;
  }

  static <E extends Enum<E>> @Nullable E constant(String name, E[] all) {
    for (E each : all) if (lowerCase(each).equals(name)) return each;
    return null;
  }

  static <E extends Enum<E>> String unknown(String name, E[] all) {
    List<String> names = Arrays.stream(all).map((Function<E, String>) Query::lowerCase).toList();
    String nearest = Nearest.to(name, Set.copyOf(names));
    String hint =
        nearest != null ? "did you mean " + nearest + "?" : "one of " + String.join(", ", names);
    return "unknown: \""
        + Visible.of(name.length() > 40 ? name.substring(0, 40) : name)
        + "\": "
        + hint;
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  void wrong(String name, String message) {
    mistakes.add(new Problem.Mistake("?" + Visible.of(name), message));
  }

  /** To be called when everything was read. */
  void check() throws Problem {
    if (mistakes.isEmpty()) return;
    throw Problem.of(400, "query", "the query of the URL is wrong", mistakes);
  }
}
