package dev.lanyard.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Something that is measured.
 *
 * @param section the class that measures it, and the table in which it stands
 * @param implementation what it measures, {@code lanyard} or a peer
 * @param name what is done; the same for every implementation that does it
 * @param benchmark its name for JMH; null if it is a program of its own
 */
record Scenario(String section, String implementation, String name, @Nullable String benchmark) {
  static final String LANYARD = "lanyard";
  static final String GO = "go";

  private static final Set<String> PEERS = Set.of("grpc", "kotlin", "jdk", "structured");
  private static final Pattern WORD_START =
      Pattern.compile("(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Z])");

  /** Every scenario of this module, in the order of sections and names; numbers by their size. */
  static List<Scenario> all() {
    var scenarios = new ArrayList<Scenario>();
    var silent = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
    for (BenchmarkListEntry entry : BenchmarkList.defaultList().getAll(silent, List.of())) {
      String[] path = entry.getUsername().split("\\.", -1);
      scenarios.add(of(path[path.length - 2], kebab(path[path.length - 1]), entry.getUsername()));
    }
    for (OneShot program : OneShot.ALL) {
      scenarios.add(of(program.section(), program.name(), null));
    }
    scenarios.sort(Comparator.comparing(Scenario::section).thenComparing(s -> padded(s.label())));
    return scenarios;
  }

  private static Scenario of(String section, String label, @Nullable String benchmark) {
    int dash = label.indexOf('-');
    String prefix = dash < 0 ? label : label.substring(0, dash);
    return PEERS.contains(prefix)
        ? new Scenario(section, prefix, label.substring(dash + 1), benchmark)
        : new Scenario(section, LANYARD, label, benchmark);
  }

  /** {@code withCancel} is {@code with-cancel}, and {@code value50} is {@code value-50}. */
  static String kebab(String camelCase) {
    return WORD_START.matcher(camelCase).replaceAll("-").toLowerCase(Locale.ROOT);
  }

  /** So that names sort by their numbers. */
  static String padded(String name) {
    return Pattern.compile("\\d+")
        .matcher(name)
        .replaceAll(m -> "0".repeat(9 - m.group().length()) + m.group());
  }

  /** Its name among all: that of a peer's begins with the peer. */
  String label() {
    return implementation.equals(LANYARD) ? name : implementation + "-" + name;
  }
}
