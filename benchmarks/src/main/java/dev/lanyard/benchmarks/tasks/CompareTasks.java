package dev.lanyard.benchmarks.tasks;

import dev.lanyard.benchmarks.Page;
import dev.lanyard.context.TimeSource;
import dev.lanyard.databases.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The tables of docs/durable.md: {@code benchmarks/tasks}. */
final class CompareTasks {
  private CompareTasks() {}

  static void main(String[] arguments) {
    Silence.begin();
    int code = 1;
    try {
      compare(List.of(arguments));
      code = 0;
    } catch (SQLException | IOException | InterruptedException | RuntimeException failed) {
      System.err.println("the comparison has failed, and no table is published:");
      failed.printStackTrace();
    } finally {
      // What others have left running must not keep this process, also if something has failed.
      System.exit(code);
    }
  }

  private static void compare(List<String> words)
      throws SQLException, IOException, InterruptedException {
    boolean quick = words.contains("--quick");
    int pending = number(words, "--pending", 0);
    Path directory = Files.createTempDirectory("lanyard-tasks-");
    try {
      if (pending > 0) {
        publish(words, "pending", Pending.table(directory, pending));
      } else {
        int tasks = SubmitAndRun.rounded(number(words, "--tasks", quick ? 100 : 5_000));
        int rounds = number(words, "--rounds", quick ? 1 : 3);
        publish(words, "throughput", throughput(rounds, tasks, directory));
      }
    } finally {
      delete(directory);
    }
  }

  private static String throughput(int rounds, int tasks, Path directory)
      throws SQLException, IOException, InterruptedException {
    try (Postgres server = Postgres.thatSyncs()) {
      String before = load();
      String table = new Throughput(rounds, tasks, directory, server).table();
      Place file = Place.sqlite(directory.resolve("version.db"));
      Place database = Place.postgresql(server);
      return table
          + String.format(
              Locale.ROOT,
              "%n%s, Java %s, %s on %d processors, load average %s before and %s after; files on %s; SQLite %s in WAL mode with synchronous=FULL; PostgreSQL %s with fsync=%s and synchronous_commit=%s; %,d tasks in each of %d rounds, in turns; median and range.%n",
              TimeSource.system().instant().toString().substring(0, 10),
              System.getProperty("java.vm.version"),
              System.getProperty("os.name"),
              Runtime.getRuntime().availableProcessors(),
              before,
              load(),
              Files.getFileStore(directory).type(),
              file.text("select sqlite_version()"),
              database.text("show server_version"),
              database.text("show fsync"),
              database.text("show synchronous_commit"),
              tasks,
              rounds);
    }
  }

  private static void publish(List<String> words, String name, String table) throws IOException {
    IO.println(table);
    int page = words.indexOf("--page");
    if (page < 0) return;
    Path path = Path.of(words.get(page + 1));
    Files.writeString(path, Page.with(Map.of(name, table), Files.readString(path)));
  }

  private static int number(List<String> words, String option, int otherwise) {
    int at = words.indexOf(option);
    return at < 0 ? otherwise : Integer.parseInt(words.get(at + 1));
  }

  private static String load() {
    return String.format(
        Locale.ROOT, "%.1f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.delete(file);
            } catch (IOException failed) {
              throw new UncheckedIOException(failed);
            }
          });
    }
  }
}
