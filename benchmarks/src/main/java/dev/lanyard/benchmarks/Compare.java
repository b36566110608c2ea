package dev.lanyard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs every scenario in Go and in Java right after one another, as often as there are rounds,
 * keeps what was measured and prints the tables.
 */
public final class Compare {
  private final Plan plan;
  private final Path file;
  private int failures;

  private Compare(Plan plan) {
    this.plan = plan;
    this.file = plan.results().resolve("measurements.tsv");
  }

  /**
   * Measures.
   *
   * @param arguments as {@code benchmarks/run} gives them
   * @throws IOException if a program cannot be run, or fails
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    // Two at a time disturb one another, but a lock in the directory of temporary files is no cure.
    System.setProperty("jmh.ignoreLock", "true");
    Plan plan;
    try {
      plan = Plan.of(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      return;
    }
    System.exit(new Compare(plan).run());
  }

  private int run() throws IOException, InterruptedException {
    List<Scenario> scenarios = Scenario.all();
    List<Scenario> wanted = scenarios.stream().filter(plan::includes).toList();
    if (wanted.isEmpty()) {
      System.err.println("no scenario and no section is called " + plan.only());
      return 2;
    }
    Files.createDirectories(plan.results());
    measure(wanted);
    publish(scenarios);
    IO.println();
    IO.print(markdown(Tables.of(wanted, kept())));
    if (failures == 0) return 0;
    System.err.println(failures + " measurements failed: the logs beside the results tell why");
    return 1;
  }

  private void measure(List<Scenario> scenarios) throws IOException, InterruptedException {
    if (plan.rounds() == 0) return;
    int first = 1 + kept().stream().mapToInt(Measurement::round).max().orElse(0);
    Path go = plan.go();
    var programs = new ArrayList<Programs>();
    programs.add(new JavaPrograms(new Output(plan.results().resolve("java.log")), plan.quick()));
    if (go != null) {
      programs.add(new GoPrograms(go, new Output(plan.results().resolve("go.log")), plan.quick()));
    }
    Conditions.keep(plan.results().resolve("conditions.txt"), plan);
    for (int i = 0; i < plan.rounds(); i++) {
      int round = first + i;
      for (int j = 0; j < scenarios.size(); j++) {
        Scenario scenario = scenarios.get(j);
        // Who is first has the cooler processor: they take turns.
        List<Programs> turns = (round + j) % 2 == 0 ? programs : programs.reversed();
        for (Programs side : turns) measure(side, round, scenario);
      }
    }
  }

  /** A scenario that fails does not spoil the hour that the others take. */
  private void measure(Programs side, int round, Scenario scenario)
      throws IOException, InterruptedException {
    try {
      keep(side.measure(round, scenario));
    } catch (ProgramFailedException failed) {
      failures++;
      System.err.println(scenario.label() + " failed: " + failed.getMessage());
    }
  }

  private void keep(List<Measurement> measured) throws IOException {
    for (Measurement m : measured) {
      String line = m.line();
      IO.println(line);
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  private List<Measurement> kept() throws IOException {
    if (!Files.exists(file)) return List.of();
    return Files.readAllLines(file).stream().map(Measurement::parse).toList();
  }

  /** Everything that was ever kept there, also when only a part of it was measured again. */
  private void publish(List<Scenario> scenarios) throws IOException {
    Map<String, String> tables = Tables.of(scenarios, kept());
    Files.writeString(plan.results().resolve("tables.md"), markdown(tables));
    Path page = plan.page();
    if (page != null) Files.writeString(page, Page.with(tables, Files.readString(page)));
  }

  private static String markdown(Map<String, String> tables) {
    var all = new StringBuilder();
    tables.forEach(
        (name, table) -> all.append("## ").append(name).append("\n\n").append(table).append('\n'));
    return all.toString();
  }
}
