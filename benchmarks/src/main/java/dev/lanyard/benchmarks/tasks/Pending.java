package dev.lanyard.benchmarks.tasks;

import dev.lanyard.benchmarks.Heap;
import dev.lanyard.benchmarks.ProgramFailedException;
import dev.lanyard.benchmarks.Spread;
import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.Submission;
import dev.lanyard.tasks.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The memory that a node needs while tasks wait in its file: in a process of its own. */
final class Pending {
  private static final int BATCH = 10_000;
  private static final TimeSource TIME = TimeSource.system();

  private Pending() {}

  /** A table in Markdown. */
  static String table(Path directory, int tasks) throws IOException, InterruptedException {
    Path file = directory.resolve("pending.db");
    long begin = TIME.nanoTime();
    fill(file, tasks);
    double perSecond = tasks * 1e9 / (TIME.nanoTime() - begin);
    return "| waiting in SQLite | heap in use, MB | resident, MB | file, MB | opened and started in, s |\n"
        + "|---:|---:|---:|---:|---:|\n"
        + row(0, directory.resolve("none.db"))
        + row(tasks, file)
        + "\nSubmitted in batches of 10,000: "
        + Spread.figure(perSecond)
        + " a second.\n";
  }

  static void fill(Path file, int tasks) {
    try (Database database = Database.sqlite(file)) {
      // The pause stands in the file: what is due stays due.
      database.store().pause();
      for (int done = 0; done < tasks; done += BATCH) {
        List<Submission> batch = new ArrayList<>();
        for (int i = 0; i < Math.min(BATCH, tasks - done); i++) {
          Task task = Task.of("nothing", LanyardTasks.KIND, new LanyardTasks.Nothing());
          batch.add(Submission.of(task));
        }
        database.store().submitAll(batch);
      }
    }
  }

  private static String row(int tasks, Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                Pending.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) throw new ProgramFailedException("the process that opened " + file);
    return String.format(Locale.ROOT, "| %,d %s%n", tasks, said);
  }

  /** The process that is measured: opens the file, lets a node look at it, and says one row. */
  static void main(String[] arguments) throws IOException, InterruptedException {
    Silence.begin();
    Path file = Path.of(arguments[0]);
    long begin = TIME.nanoTime();
    try (Database database = Database.sqlite(file);
        DurableProcessor node =
            DurableProcessor.start(
                Context.background(),
                database,
                settings ->
                    settings.withWorkers(SubmitAndRun.SLOTS).withOnlyKinds(LanyardTasks.KIND))) {
      double seconds = (TIME.nanoTime() - begin) / 1e9;
      // Several of its looks, so that whatever they keep is there.
      Thread.sleep(node.settings().poll().multipliedBy(10));
      IO.println(
          String.format(
              Locale.ROOT,
              "| %.1f | %s | %.0f | %.1f |",
              Heap.used() / 1e6,
              resident(),
              Files.size(file) / 1e6,
              seconds));
    }
  }

  /** Heap and all else, as Linux counts it. */
  private static String resident() throws IOException {
    Path file = Path.of("/proc/self/status");
    if (!Files.exists(file)) return "unknown";
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.replaceAll("\\D", ""))
        .map(kilobytes -> Long.toString(Math.round(Long.parseLong(kilobytes) * 1.024e-3)))
        .findFirst()
        .orElse("unknown");
  }
}
