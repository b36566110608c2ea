package dev.lanyard.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tables, in Markdown, by their names: one for each section that was measured, and one for the
 * peers.
 */
final class Tables {
  static final String PEERS = "Peers";

  private final List<Scenario> scenarios;

  /** By scenario, metric and implementation: the figure of each round. */
  private final Map<String, Map<String, Map<String, Map<Integer, Measurement>>>> figures =
      new TreeMap<>();

  private Tables(Collection<Scenario> scenarios, Collection<Measurement> measurements) {
    this.scenarios = List.copyOf(scenarios);
    for (Measurement m : measurements) {
      figures
          .computeIfAbsent(m.scenario(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(m.metric(), _ -> new TreeMap<>())
          .computeIfAbsent(m.implementation(), _ -> new TreeMap<>())
          .put(m.round(), m);
    }
  }

  static SequencedMap<String, String> of(
      Collection<Scenario> scenarios, Collection<Measurement> measurements) {
    return new Tables(scenarios, measurements).all();
  }

  private SequencedMap<String, String> all() {
    var bySection = new LinkedHashMap<String, List<String>>();
    var ofPeers = new TreeSet<String>(Comparator.comparing(Scenario::padded));
    for (Scenario scenario : scenarios) {
      if (!measured(scenario)) continue;
      if (scenario.implementation().equals(Scenario.LANYARD)) {
        bySection.computeIfAbsent(scenario.section(), _ -> new ArrayList<>()).add(scenario.name());
      } else {
        ofPeers.add(scenario.name());
      }
    }
    var tables = new LinkedHashMap<String, String>();
    bySection.forEach((section, names) -> tables.put(section, besideGo(names)));
    if (!ofPeers.isEmpty()) tables.put(PEERS, peers(ofPeers));
    return tables;
  }

  private boolean measured(Scenario scenario) {
    return metrics(scenario.name()).values().stream()
        .anyMatch(rounds -> rounds.containsKey(scenario.implementation()));
  }

  private String besideGo(Collection<String> names) {
    boolean bytes =
        names.stream().anyMatch(name -> metrics(name).containsKey(Measurement.ALLOCATED));
    var table = new StringBuilder("| | Go | Lanyard | Go ÷ Lanyard |");
    if (bytes) table.append(" B Go | B Lanyard |");
    table.append("\n|---|---:|---:|---:|").append(bytes ? "---:|---:|\n" : "\n");
    for (String name : names) {
      for (String metric : metrics(name).keySet()) {
        if (metric.equals(Measurement.ALLOCATED)) continue;
        table
            .append(row(name, metric))
            .append(cell(name, metric, Scenario.GO))
            .append(cell(name, metric, Scenario.LANYARD))
            .append(ratio(name, metric));
        if (bytes) {
          table
              .append(cell(name, Measurement.ALLOCATED, Scenario.GO))
              .append(cell(name, Measurement.ALLOCATED, Scenario.LANYARD));
        }
        table.append('\n');
      }
    }
    return table.toString();
  }

  private String peers(Collection<String> names) {
    var columns = new ArrayList<>(List.of(Scenario.GO, Scenario.LANYARD));
    scenarios.stream()
        .filter(this::measured)
        .map(Scenario::implementation)
        .filter(i -> !columns.contains(i))
        .distinct()
        .sorted()
        .toList()
        .forEach(columns::add);
    var table = new StringBuilder("| | ").append(String.join(" | ", columns)).append(" |\n|---|");
    table.append("---:|".repeat(columns.size())).append('\n');
    for (String name : names) {
      for (String metric : metrics(name).keySet()) {
        if (metric.equals(Measurement.ALLOCATED)) continue;
        table.append(row(name, metric));
        for (String implementation : columns) table.append(cell(name, metric, implementation));
        table.append('\n');
      }
    }
    return table.toString();
  }

  private String row(String name, String metric) {
    String unit =
        metrics(name)
            .getOrDefault(metric, Map.of())
            .values()
            .iterator()
            .next()
            .values()
            .iterator()
            .next()
            .unit()
            .replace("us", "µs");
    return metric.equals(Measurement.TIME)
        ? "| `" + name + "` |"
        : "| `" + name + "` " + metric + ", " + unit + " |";
  }

  private String cell(String name, String metric, String implementation) {
    Map<Integer, Measurement> rounds = rounds(name, metric, implementation);
    return rounds.isEmpty()
        ? " |"
        : " "
            + Spread.figure(
                Spread.of(rounds.values().stream().map(Measurement::value).toList()).median())
            + " |";
  }

  /**
   * Of the rounds in which both were measured: load that both felt cancels out. The size of a whole
   * heap has no ratio, since the two hold different numbers of objects.
   */
  private String ratio(String name, String metric) {
    if (metric.startsWith("heap")) return " |";
    Map<Integer, Measurement> ours = rounds(name, metric, Scenario.LANYARD);
    var ratios = new ArrayList<Double>();
    rounds(name, metric, Scenario.GO)
        .forEach((round, go) -> {
          @Nullable Measurement own = ours.get(round);
          if (own != null && own.value() > 0) ratios.add(go.value() / own.value());
        });
    return ratios.isEmpty() ? " |" : " " + Spread.of(ratios).ratio() + " |";
  }

  private Map<String, Map<String, Map<Integer, Measurement>>> metrics(String name) {
    return figures.getOrDefault(name, Map.of());
  }

  private Map<Integer, Measurement> rounds(String name, String metric, String implementation) {
    return metrics(name).getOrDefault(metric, Map.of()).getOrDefault(implementation, Map.of());
  }
}
