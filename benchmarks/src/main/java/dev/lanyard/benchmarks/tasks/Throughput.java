package dev.lanyard.benchmarks.tasks;

import dev.lanyard.benchmarks.Spread;
import dev.lanyard.databases.Postgres;
import dev.lanyard.durable.Database;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** All contenders in turns, round by round, each on an empty database. */
final class Throughput {
  private static final class Lane {
    final Database.Engine engine;
    final String title;
    final Contender.Opening opening;
    final List<Double> rates = new ArrayList<>();
    final List<Double> sinceFirstRun = new ArrayList<>();

    Lane(Database.Engine engine, String title, Contender.Opening opening) {
      this.engine = engine;
      this.title = title;
      this.opening = opening;
    }
  }

  private static final String JOBRUNR =
      "JobRunr OSS, looks every " + JobRunrTasks.POLL.toSeconds() + " s";

  private final int rounds;
  private final int tasks;
  private final Path directory;
  private final Postgres server;

  Throughput(int rounds, int tasks, Path directory, Postgres server) {
    this.rounds = rounds;
    this.tasks = tasks;
    this.directory = directory;
    this.server = server;
  }

  /** A table in Markdown. */
  String table() throws SQLException, InterruptedException {
    List<Lane> sqlite =
        List.of(
            new Lane(Database.Engine.SQLITE, "Lanyard", LanyardTasks::open),
            new Lane(Database.Engine.SQLITE, "db-scheduler alone", DbSchedulerTasks::open),
            new Lane(Database.Engine.SQLITE, "single-row inserts", PlainInserts::open));
    List<Lane> postgresql =
        List.of(
            new Lane(Database.Engine.POSTGRESQL, "Lanyard", LanyardTasks::open),
            new Lane(Database.Engine.POSTGRESQL, "db-scheduler alone", DbSchedulerTasks::open),
            new Lane(Database.Engine.POSTGRESQL, JOBRUNR, JobRunrTasks::open),
            new Lane(Database.Engine.POSTGRESQL, "single-row inserts", PlainInserts::open));
    List<Lane> lanes = new ArrayList<>(sqlite);
    lanes.addAll(postgresql);
    // The round before the first one warms up, and is not told.
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < lanes.size(); i++) measure(lanes.get(i), round, "lane" + i);
    }
    return "| tasks a second | submitted and run | of the inserts | Lanyard ÷ this |\n|---|---:|---:|---:|\n"
        + rows("SQLite", sqlite)
        + rows("PostgreSQL", postgresql);
  }

  private void measure(Lane lane, int round, String name)
      throws SQLException, InterruptedException {
    String unique = name + "_" + (round + 1);
    Place place =
        lane.engine == Database.Engine.SQLITE
            ? Place.sqlite(directory.resolve(unique + ".db"))
            : Place.postgresql(server);
    int few = SubmitAndRun.rounded(Math.max(SubmitAndRun.CLIENTS, tasks / 5));
    int count = round < 0 ? few : tasks;
    try (Contender contender = lane.opening.open(place)) {
      SubmitAndRun.Rates rates = new SubmitAndRun(contender, count).measure();
      if (round < 0) return;
      lane.rates.add(rates.all());
      lane.sinceFirstRun.add(rates.sinceFirstRun());
    }
  }

  private static String rows(String database, List<Lane> lanes) {
    var rows = new StringBuilder();
    List<Double> ours = lanes.getFirst().rates;
    List<Double> inserts = lanes.getLast().rates;
    for (Lane lane : lanes) {
      row(rows, database + ": " + lane.title, lane.rates, inserts, ours);
      if (lane.title.equals(JOBRUNR)) {
        row(
            rows,
            database + ": the same, from its first start of a task",
            lane.sinceFirstRun,
            inserts,
            ours);
      }
    }
    return rows.toString();
  }

  private static void row(
      StringBuilder rows,
      String title,
      List<Double> rates,
      List<Double> inserts,
      List<Double> ours) {
    rows.append("| ").append(title);
    rows.append(" | ").append(Spread.of(rates).ratio());
    rows.append(" | ").append(quotients(rates, inserts));
    rows.append(" | ").append(quotients(ours, rates)).append(" |\n");
  }

  /** Round by round, as the machine is not equally fast in all of them. */
  private static String quotients(List<Double> above, List<Double> below) {
    List<Double> quotients = new ArrayList<>();
    for (int i = 0; i < above.size(); i++) quotients.add(above.get(i) / below.get(i));
    return Spread.of(quotients).ratio();
  }
}
