package dev.lanyard.durable;

import dev.lanyard.context.Context;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskKind;
import java.util.ArrayList;
import java.util.List;

/** Not a test: how many empty tasks a second are submitted and run, with 20 workers. */
final class Throughput {
  record Nothing() {}

  private Throughput() {}

  public static void main(String[] arguments) throws Exception {
    int count = Integer.getInteger("tasks", 10_000);
    for (Databases where : Databases.values()) {
      for (int round = 0; round < Integer.getInteger("rounds", 3); round++) measure(where, count);
    }
    System.exit(0);
  }

  private static void measure(Databases where, int count) throws Exception {
    TaskKind<Nothing> kind = new TaskKind<>("nothing", Nothing.class, (_, _) -> null);
    try (Database database = where.newPlace().open();
        DurableProcessor node =
            DurableProcessor.start(
                Context.background(),
                database,
                settings -> settings.withWorkers(20).withOnlyKinds(kind))) {
      long start = System.nanoTime();
      int submitters = 20;
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < submitters; i++) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int j = 0; j < count / submitters; j++) {
                        node.submitAll(
                            List.of(Submission.of(Task.of("nothing", kind, new Nothing()))));
                      }
                    }));
      }
      for (Thread each : threads) each.join();
      long submitted = System.nanoTime();
      long deadline = System.nanoTime() + 120_000_000_000L;
      while (database.store().count(TaskFilter.all().in(State.COMPLETED), count) < count
          && System.nanoTime() < deadline) {
        Thread.sleep(5);
      }
      long ended = System.nanoTime();
      System.out.printf(
          "%s: submitted %,.0f/s, submitted and run %,.0f/s%n",
          where, count * 1e9 / (submitted - start), count * 1e9 / (ended - start));
    }
  }
}
