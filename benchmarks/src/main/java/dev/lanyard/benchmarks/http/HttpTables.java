package dev.lanyard.benchmarks.http;

import dev.lanyard.benchmarks.Measurement;
import dev.lanyard.benchmarks.Spread;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tables of docs/http-performance.md, in Markdown, by their names. */
final class HttpTables {
  private static final Map<String, String> TITLES =
      Map.of(Sides.GO, "Go", Sides.LANYARD, "Lanyard", Sides.BARE, "Vert.x");

  /** By scenario, implementation and metric: the figures of the rounds. */
  private final Map<String, SequencedMap<String, SequencedMap<String, Rounds>>> figures =
      new LinkedHashMap<>();

  private HttpTables(Collection<Measurement> measurements) {
    for (Measurement m : measurements) {
      figures
          .computeIfAbsent(m.scenario(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(m.implementation(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(m.metric(), _ -> new Rounds(m.unit(), new LinkedHashMap<>()))
          .values
          .put(m.round(), m.value());
    }
  }

  /** The figures of one metric, by round. */
  private record Rounds(String unit, SequencedMap<Integer, Double> values) {
    double median() {
      return Spread.of(values.values()).median();
    }

    double sum() {
      return values.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  /** Those for which something was measured. */
  static SequencedMap<String, String> of(Collection<Measurement> measurements) {
    var tables = new HttpTables(measurements);
    var all = new LinkedHashMap<String, String>();
    if (Leaving.ALL.stream().anyMatch(way -> tables.figures.containsKey(way.title()))) {
      all.put("Leaving", tables.leaving());
    }
    if (tables.figures.containsKey(Throughput.SCENARIO)) {
      all.put("Throughput", tables.throughput());
    }
    if (tables.figures.containsKey(Crowd.SCENARIO)) all.put("Crowd", tables.crowd());
    if (tables.figures.containsKey(AddedLatency.SCENARIO)) all.put("Gateway", tables.gateway());
    return all;
  }

  private String leaving() {
    List<String> sides =
        List.of(Sides.GO, Sides.LANYARD, Sides.BARE).stream()
            .filter(side ->
                Leaving.ALL.stream()
                    .anyMatch(way -> figures(way.title(), side).containsKey(Leavings.TRIES)))
            .toList();
    var table = new StringBuilder("| |");
    for (String side : sides) table.append(' ').append(TITLES.get(side)).append(" |");
    table.append("\n|---|").append("---:|".repeat(sides.size())).append('\n');
    for (Leaving way : Leaving.ALL) {
      if (!figures.containsKey(way.title())) continue;
      table.append("| ").append(way.title()).append(" |");
      for (String side : sides) table.append(' ').append(noticed(way.title(), side)).append(" |");
      table.append('\n');
    }
    return table.toString();
  }

  private String noticed(String way, String side) {
    Map<String, Rounds> measured = figures(way, side);
    Rounds tries = measured.get(Leavings.TRIES);
    Rounds missed = measured.get(Leavings.MISSED);
    Rounds early = measured.get(Leavings.EARLY);
    if (tries == null || missed == null || early == null) return "";
    if (missed.sum() == tries.sum()) return "–";
    if (early.sum() == tries.sum()) return "cut off before";
    Rounds median = measured.get(Leavings.MEDIAN);
    Rounds most = measured.get(Leavings.P99);
    if (median == null || most == null) {
      return "missed %.0f and cut off before %.0f of %.0f"
          .formatted(missed.sum(), early.sum(), tries.sum());
    }
    String times = Spread.figure(median.median()) + " / " + Spread.figure(most.median());
    if (missed.sum() > 0) times += ", missed %.0f of %.0f".formatted(missed.sum(), tries.sum());
    if (early.sum() > 0)
      times += ", cut off before %.0f of %.0f".formatted(early.sum(), tries.sum());
    return times;
  }

  private String throughput() {
    var table =
        new StringBuilder(
            "| | CPU, µs a request | ÷ Vert.x | requests/s |\n|---|---:|---:|---:|\n");
    SequencedMap<String, SequencedMap<String, Rounds>> sides =
        figures.getOrDefault(Throughput.SCENARIO, new LinkedHashMap<>());
    Rounds bare = figures(Throughput.SCENARIO, Throughput.BARE).get(Throughput.PROCESSOR);
    sides.forEach((side, metrics) -> {
      Rounds processor = metrics.get(Throughput.PROCESSOR);
      Rounds rate = metrics.get(Throughput.RATE);
      if (processor == null || rate == null) return;
      table
          .append("| ")
          .append(side)
          .append(" | ")
          .append(Spread.of(processor.values.values()).ratio())
          .append(" | ")
          .append(bare == null || processor.equals(bare) ? "" : ratio(processor, bare))
          .append(" | ")
          .append(Spread.figure(rate.median()))
          .append(" |\n");
    });
    return table.toString();
  }

  /** Of the rounds' own ratios: load that both felt cancels out. */
  private static String ratio(Rounds of, Rounds to) {
    var ratios = new ArrayList<Double>();
    of.values.forEach((round, value) -> {
      @Nullable Double other = to.values.get(round);
      if (other != null && other > 0) ratios.add(value / other);
    });
    return ratios.isEmpty() ? "" : Spread.of(ratios).ratio();
  }

  private String crowd() {
    var table = new StringBuilder("| | |\n|---|---:|\n");
    figures(Crowd.SCENARIO, Sides.LANYARD)
        .forEach((metric, rounds) -> {
          String value =
              rounds.unit.isEmpty()
                  ? "%,.0f".formatted(rounds.median())
                  : Spread.figure(rounds.median()) + " " + rounds.unit;
          table.append("| ").append(metric).append(" | ").append(value).append(" |\n");
        });
    return table.toString();
  }

  private String gateway() {
    var table = new StringBuilder("| | p50, µs | p99, µs |\n|---|---:|---:|\n");
    Function<@Nullable Rounds, String> cell =
        rounds -> rounds == null ? " |" : " " + Spread.figure(rounds.median()) + " |";
    figures
        .getOrDefault(AddedLatency.SCENARIO, new LinkedHashMap<>())
        .forEach((way, metrics) ->
            table
                .append("| ")
                .append(way)
                .append(" |")
                .append(cell.apply(metrics.get(AddedLatency.MEDIAN)))
                .append(cell.apply(metrics.get(AddedLatency.P99)))
                .append('\n'));
    return table.toString();
  }

  private SequencedMap<String, Rounds> figures(String scenario, String implementation) {
    SequencedMap<String, SequencedMap<String, Rounds>> of = figures.get(scenario);
    if (of == null) return new LinkedHashMap<>();
    return of.getOrDefault(implementation, new LinkedHashMap<>());
  }
}
