package dev.lanyard.benchmarks.http;

import dev.lanyard.benchmarks.Conditions;
import dev.lanyard.benchmarks.Measurement;
import dev.lanyard.benchmarks.Output;
import dev.lanyard.benchmarks.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/** Measures the servers, keeps what was measured and prints the tables. */
public final class CompareHttp {
  private final Plan plan;
  private final Path file;
  private final Output output;
  private final Sides sides;
  private final int round;

  private CompareHttp(Plan plan) throws IOException, InterruptedException {
    this.plan = plan;
    Files.createDirectories(plan.results());
    file = plan.results().resolve("measurements.tsv");
    output = new Output(plan.results().resolve("programs.log"));
    sides = new Sides(plan);
    round = 1 + kept().stream().mapToInt(Measurement::round).max().orElse(0);
  }

  /**
   * Measures.
   *
   * @param arguments as {@code benchmarks/http} gives them
   * @throws IOException if a program cannot be run, or fails
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Plan plan;
    try {
      plan = Plan.of(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      return;
    }
    new CompareHttp(plan).run();
    System.exit(0); // the event loops of the clients would keep it alive
  }

  private void run() throws IOException, InterruptedException {
    if (plan.rounds() > 0) measure();
    var all = new StringBuilder();
    Map<String, String> tables = HttpTables.of(kept());
    tables.forEach(
        (name, table) -> all.append("## ").append(name).append("\n\n").append(table).append('\n'));
    Files.writeString(plan.results().resolve("tables.md"), all);
    Path page = plan.page();
    if (page != null) Files.writeString(page, Page.with(tables, Files.readString(page)));
    IO.println();
    IO.print(all);
  }

  private void measure() throws IOException, InterruptedException {
    Conditions.keep(
        plan.results().resolve("conditions.txt"),
        String.join(" ", Sides.FLAGS),
        plan.go() == null ? null : plan.go().resolveSibling("version.txt"),
        plan.rounds()
            + (plan.quick() ? ", quick: not for reading" : "")
            + ", parts "
            + plan.parts());
    for (Plan.Part part : plan.parts()) {
      System.err.println("measuring: " + part.name().toLowerCase(Locale.ROOT));
      switch (part) {
        case LEAVING -> leaving();
        case THROUGHPUT -> throughput();
        case CROWD -> crowd();
        case GATEWAY -> gateway();
      }
    }
  }

  private void leaving() throws IOException, InterruptedException {
    SequencedMap<String, ServerProcess> servers = sides.start(Sides.GO, Sides.LANYARD, Sides.BARE);
    try {
      var leavings = new Leavings(plan.quick());
      for (Leaving way : Leaving.ALL) {
        System.err.println(way.title());
        keep(leavings.measure(round, way, servers));
      }
    } finally {
      Sides.stop(servers);
    }
  }

  private void throughput() throws IOException, InterruptedException {
    SequencedMap<String, ServerProcess> servers = sides.start(Sides.GO, Sides.LANYARD, Sides.BARE);
    try {
      keep(new Throughput(output, plan.quick()).measure(round, plan.rounds(), servers));
    } finally {
      Sides.stop(servers);
    }
  }

  private void crowd() throws IOException, InterruptedException {
    SequencedMap<String, ServerProcess> servers = sides.start(Sides.LANYARD);
    try {
      for (ServerProcess server : servers.values()) {
        keep(new Crowd(output, plan.quick()).measure(round, server));
      }
    } finally {
      Sides.stop(servers);
    }
  }

  private void gateway() throws IOException, InterruptedException {
    Path directory = plan.results().resolve("nginx");
    try (Nginx upstream = Nginx.upstream(directory.resolve("upstream"));
        Nginx proxy = Nginx.proxy(directory.resolve("proxy"), upstream.port());
        ServerProcess gateway = Sides.gateway(upstream.port(), plan.results())) {
      var ports = new LinkedHashMap<String, Integer>();
      ports.put("directly", upstream.port());
      ports.put("nginx", proxy.port());
      ports.put("lanyard gateway", gateway.port());
      keep(new AddedLatency(plan.quick()).measure(round, ports));
    }
  }

  private void keep(List<Measurement> measured) throws IOException {
    for (Measurement m : measured) {
      Files.writeString(
          file, m.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  private List<Measurement> kept() throws IOException {
    if (!Files.exists(file)) return List.of();
    return Files.readAllLines(file).stream().map(Measurement::parse).toList();
  }
}
