package dev.lanyard.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names by which the scenarios of both languages are paired. */
class NamesTest {
  private static final Pattern BENCHMARK =
      Pattern.compile("^func (Benchmark\\w+)\\(b \\*testing\\.B\\)", Pattern.MULTILINE);
  private static final Pattern PROGRAM =
      Pattern.compile("^\\t\"([a-z0-9-]+)\": ", Pattern.MULTILINE);

  /** What Go has not: threads of the system, a current context, interrupts. */
  private static final Set<String> JAVA_ALONE =
      Set.of(
          "wake-up-platform-canceller-blocks",
          "wake-up-platform-canceller-goes-on",
          "current-bind",
          "current-read",
          "interrupt-region");

  @Test
  void everyScenarioHasItsTwinInGo() throws IOException {
    var lanyard = new TreeSet<>(names(Scenario.LANYARD));
    assertThat(lanyard).containsAll(JAVA_ALONE);
    lanyard.removeAll(JAVA_ALONE);
    assertThat(goNames()).isEqualTo(lanyard);
  }

  @Test
  void whatAPeerDoesLanyardDoesToo() {
    for (String peer : List.of("grpc", "kotlin", "jdk", "structured")) {
      assertThat(names(Scenario.LANYARD)).containsAll(names(peer)).isNotEmpty();
    }
  }

  @Test
  void everyTableHasItsPlaceOnThePage() throws IOException {
    String page = Files.readString(Path.of("../docs/performance.md"));
    var places =
        Pattern.compile("<!-- table: (\\S+) -->")
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    var tables =
        Scenario.all().stream()
            .filter(scenario -> scenario.implementation().equals(Scenario.LANYARD))
            .map(Scenario::section)
            .collect(Collectors.toCollection(TreeSet::new));
    tables.add(Tables.PEERS);
    assertThat(places).isEqualTo(tables);
  }

  @ParameterizedTest
  @CsvSource({
    "withCancel, with-cancel",
    "value50, value-50",
    "errLiveValues9, err-live-values-9",
    "withCancelOnDone, with-cancel-on-done"
  })
  void aMethodIsNamedAsItsScenario(String method, String scenario) {
    assertThat(Scenario.kebab(method)).isEqualTo(scenario);
    String function = "Benchmark" + Character.toUpperCase(method.charAt(0)) + method.substring(1);
    assertThat(GoPrograms.nameOf(function)).isEqualTo(scenario);
  }

  @Test
  void scenariosAreSortedByTheirNumbers() {
    List<String> poll =
        Scenario.all().stream().map(Scenario::name).filter(n -> n.startsWith("err-live-")).toList();
    assertThat(poll).containsSubsequence("err-live-1", "err-live-10", "err-live-50");
    assertThat(
            Stream.of("fan-out-1000", "fan-out-1", "fan-out-100000")
                .sorted(Comparator.comparing(Scenario::padded)))
        .containsExactly("fan-out-1", "fan-out-1000", "fan-out-100000");
  }

  private static Set<String> names(String implementation) {
    return Scenario.all().stream()
        .filter(scenario -> scenario.implementation().equals(implementation))
        .map(Scenario::name)
        .collect(Collectors.toSet());
  }

  private static Set<String> goNames() throws IOException {
    var names = new TreeSet<String>();
    try (Stream<Path> files = Files.list(Path.of("go"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".go")).toList()) {
        String source = Files.readString(file);
        BENCHMARK
            .matcher(source)
            .results()
            .map(m -> GoPrograms.nameOf(m.group(1)))
            .forEach(names::add);
        PROGRAM.matcher(source).results().map(m -> m.group(1)).forEach(names::add);
      }
    }
    return names;
  }
}
