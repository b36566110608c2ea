package dev.lanyard.app.input;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Everything that is wrong with one file, in the order in which a reader meets it. */
public final class Problems {
  /** More are counted but not shown. */
  private static final int SHOWN = 1_000;

  /** One of them. */
  public record Problem(Place place, String message) {}

  private final String source;
  private final List<Problem> found = new ArrayList<>();

  public Problems(String source) {
    this.source = Visible.of(source);
  }

  public void add(Place place, String message) {
    found.add(new Problem(place, message));
  }

  void addAll(Problems others) {
    found.addAll(others.found);
  }

  public boolean none() {
    return found.isEmpty();
  }

  /** In the order in which a reader meets them, so many at most. */
  public List<Problem> first(int most) {
    return found.stream().sorted(Comparator.comparing(Problem::place)).limit(most).toList();
  }

  public int count() {
    return found.size();
  }

  /** One line each, as compilers write them, and a last one that counts. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    found.stream()
        .sorted(Comparator.comparing(Problem::place))
        .limit(SHOWN)
        .forEach(problem ->
            lines.add(
                source
                    + ":"
                    + problem.place.line()
                    + ":"
                    + problem.place.column()
                    + ": "
                    + problem.message));
    int hidden = found.size() - SHOWN;
    lines.add(
        (found.size() == 1 ? "1 problem" : found.size() + " problems")
            + (hidden > 0 ? " (" + hidden + " more not shown)" : "")
            + " in "
            + source
            + ": nothing was run");
    return lines;
  }
}
