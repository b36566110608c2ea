package dev.lanyard.proofs.pairs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of each pair, to be read by people.
 *
 * @param <O> the operations
 */
final class Matrix<O extends Enum<O>> {
  private final Class<O> operations;
  private final Function<Pair<O>, @Nullable String> whyNot;
  private final Map<Pair<O>, Map<String, Long>> seen = new LinkedHashMap<>();

  Matrix(Class<O> operations, Function<Pair<O>, @Nullable String> whyNot) {
    this.operations = operations;
    this.whyNot = whyNot;
  }

  /** Adds results, each of which begins with its pair, and how often they were seen. */
  void add(Map<String, Long> results) {
    results.forEach((result, times) -> {
      String[] parts = result.split(", ", 2);
      String[] names = parts[0].split(" ", 2);
      var pair = new Pair<>(Enum.valueOf(operations, names[0]), Enum.valueOf(operations, names[1]));
      seen.computeIfAbsent(pair, _ -> new TreeMap<>()).merge(parts[1], times, Long::sum);
    });
  }

  Set<Pair<O>> raced() {
    return seen.keySet();
  }

  /** A grid of how many outcomes were seen, then each of them, then why the others cannot race. */
  String print(String title) {
    var text = new StringBuilder("# ").append(title).append("\n\n|");
    for (O other : operations.getEnumConstants()) text.append(" | ").append(other);
    text.append(" |\n|").append("---|".repeat(operations.getEnumConstants().length + 1));
    for (O one : operations.getEnumConstants()) {
      text.append("\n| ").append(one);
      for (O other : operations.getEnumConstants()) text.append(" | ").append(cell(one, other));
      text.append(" |");
    }
    text.append("\n\n| seen | pair | one | other | end |\n|---:|---|---|---|---|\n");
    seen.forEach((pair, outcomes) ->
        outcomes.forEach((outcome, times) ->
            text.append(
                "| %,d | %s | %s |%n".formatted(times, pair, outcome.replace(", ", " | ")))));
    text.append("\n");
    for (Pair<O> pair : Pair.all(operations)) {
      String reason = whyNot.apply(pair);
      if (reason != null) text.append("- ").append(pair).append(": ").append(reason).append("\n");
    }
    return text.append("\n").toString();
  }

  private String cell(O one, O other) {
    if (one.compareTo(other) > 0) return "";
    Map<String, Long> outcomes = seen.get(new Pair<>(one, other));
    return outcomes == null ? "–" : String.valueOf(outcomes.size());
  }
}
