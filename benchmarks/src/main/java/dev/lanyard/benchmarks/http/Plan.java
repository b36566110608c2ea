package dev.lanyard.benchmarks.http;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param go the compiled server; null to measure Java alone
 * @param results the directory that keeps what was measured
 * @param page the page to put the tables into; null to print them only
 */
record Plan(
    Set<Part> parts,
    int rounds,
    boolean quick,
    @Nullable Path go,
    Path results,
    @Nullable Path page) {

  /** What can be measured alone. */
  enum Part {
    LEAVING,
    THROUGHPUT,
    CROWD,
    GATEWAY
  }

  static Plan of(String... arguments) {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    int rounds = 5;
    boolean quick = false;
    Path go = null;
    Path results = Path.of("results");
    Path page = null;
    for (int i = 0; i < arguments.length; i++) {
      String option = arguments[i];
      if (option.equals("--quick")) {
        quick = true;
        continue;
      }
      if (++i == arguments.length) throw new IllegalArgumentException(option + " needs a value");
      String value = arguments[i];
      switch (option) {
        case "--only" -> parts.add(part(value));
        case "--rounds" -> rounds = Integer.parseInt(value);
        case "--go" -> go = Path.of(value);
        case "--results" -> results = Path.of(value);
        case "--page" -> page = Path.of(value);
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    if (parts.isEmpty()) parts = EnumSet.allOf(Part.class);
    return new Plan(parts, quick ? Math.min(rounds, 1) : rounds, quick, go, results, page);
  }

  private static Part part(String name) {
    try {
      return Part.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException("--only leaving, throughput, crowd or gateway", unknown);
    }
  }
}
