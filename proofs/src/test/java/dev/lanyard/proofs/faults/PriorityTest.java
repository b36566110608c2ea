package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Deadline;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.Submission;
import dev.lanyard.proofs.Length;
import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskKind;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Strict priority: with 10,000 tasks waiting, and with an urgent one that comes late. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class PriorityTest {
  private static final int BACKLOG = 10_000;
  private static final int WORKERS = 3;

  @ParameterizedTest(name = "issue 6, strict priority under a backlog of 10,000: {0}")
  @EnumSource(Database.Engine.class)
  void strict(Database.Engine engine) {
    int runs = Length.isLong() ? 5_000 : 200;
    List<String> begun = new ArrayList<>();
    TaskKind<Work> kind =
        new TaskKind<>(
            Work.KIND,
            Work.class,
            (attempt, _) -> {
              synchronized (begun) {
                begun.add(attempt.task().id());
              }
              LockSupport.parkNanos(1_000_000);
              return "node";
            });
    try (Database database = Place.fresh(engine).open()) {
      var random = new Random(6);
      List<Submission> backlog = new ArrayList<>();
      Map<String, Integer> priorities = new ConcurrentHashMap<>();
      for (int i = 0; i < BACKLOG; i++) {
        Task task = Work.task("b" + i, Work.Way.NAP, 0).withPriority(10 + random.nextInt(10_000));
        priorities.put(task.id(), task.priority());
        backlog.add(Submission.of(task));
      }
      for (int from = 0; from < BACKLOG; from += 1000) {
        List<StoredTask> _ = database.store().submitAll(backlog.subList(from, from + 1000));
      }
      List<Integer> late = new ArrayList<>();
      try (DurableProcessor node = Nodes.start(database, WORKERS, kind)) {
        for (int run = 1; run <= runs / 50; run++) {
          int until = run * 50;
          Eventually.holds(
              "so many have begun",
              Deadline.after(Duration.ofMinutes(2)),
              () -> size(begun) >= until);
          String urgent = "urgent-" + run;
          priorities.put(urgent, 1);
          var _ = node.submit(Submission.of(Work.task(urgent, Work.Way.NAP, 0).withPriority(1)));
          int accepted = size(begun);
          Eventually.holds("it has begun", () -> position(begun, urgent) >= 0);
          late.add(Math.max(0, position(begun, urgent) - accepted));
        }
      }
      List<String> order;
      synchronized (begun) {
        order = begun.stream().filter(id -> id.startsWith("b")).toList();
      }
      List<String> sorted =
          backlog.stream()
              .map(Submission::task)
              .sorted(Comparator.comparingInt(Task::priority))
              .map(Task::id)
              .toList();
      int displaced = displaced(order, sorted, priorities);
      Figures.print(
          "priority, backlog " + BACKLOG + ", begun " + order.size(),
          engine,
          "tasks begun before a more urgent one that waited, beyond the "
              + WORKERS
              + " workers: "
              + displaced
              + "; less urgent ones begun after an urgent one was accepted: "
              + late);
      assertThat(displaced).isZero();
      // Those that had been claimed already, one to a worker.
      assertThat(late).allMatch(count -> count <= WORKERS);
    }
  }

  private static int size(List<String> begun) {
    synchronized (begun) {
      return begun.size();
    }
  }

  private static int position(List<String> begun, String id) {
    synchronized (begun) {
      return begun.indexOf(id);
    }
  }

  /**
   * How many began although, of those that should have come first, more had not begun than there
   * are other workers, which may have claimed one each and not begun it.
   */
  private static int displaced(
      List<String> order, List<String> sorted, Map<String, Integer> priorities) {
    int displaced = 0;
    for (int place = 0; place < order.size(); place++) {
      int shouldBe = priorities.get(sorted.get(Math.min(place + WORKERS, sorted.size()) - 1));
      if (priorities.get(order.get(place)) > shouldBe) displaced++;
    }
    return displaced;
  }
}
