package dev.lanyard.benchmarks;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param go where the compiled programs of Go are; null to measure Java alone
 * @param results the directory that keeps what was measured
 * @param page the page to put the tables into; null to print them only
 */
record Plan(
    int rounds, boolean quick, Pattern only, @Nullable Path go, Path results, @Nullable Path page) {

  static Plan of(String... arguments) {
    int rounds = 5;
    boolean quick = false;
    Pattern only = Pattern.compile(".*");
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
        case "--rounds" -> rounds = Integer.parseInt(value);
        case "--only" -> only = Pattern.compile(value);
        case "--go" -> go = Path.of(value);
        case "--results" -> results = Path.of(value);
        case "--page" -> page = Path.of(value);
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    return new Plan(quick ? Math.min(rounds, 1) : rounds, quick, only, go, results, page);
  }

  boolean includes(Scenario scenario) {
    return only.matcher(scenario.label()).matches() || only.matcher(scenario.section()).matches();
  }
}
