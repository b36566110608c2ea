package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.Submission;
import dev.lanyard.proofs.Length;
import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.tasks.Retry;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskKind;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node that leaves, whatever it is doing at that moment. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ShutdownTest {
  @ParameterizedTest(name = "issue 6, shutdown in every phase: {0}")
  @EnumSource(Database.Engine.class)
  void inEveryPhase(Database.Engine engine) throws Exception {
    List<String> ids = new ArrayList<>();
    try (Database database = Place.fresh(engine).open()) {
      whileIdle(database);
      whileClaiming(database, ids);
      whileRunning(database, ids);
      whileWaitingForARetry(database, ids);
      whileDraining(database, ids);
      try (DurableProcessor _ = Nodes.start(database, 8, Work.atOnce("heir"))) {
        Account.settle(database.store(), Duration.ofSeconds(60));
        for (String id : ids) {
          assertThat(database.store().find(id).orElseThrow().attempt())
              .as("attempts of " + id + " that were cut off do not count")
              .isLessThanOrEqualTo(id.startsWith("retry") ? 2 : 1);
        }
        Figures.print(
            "shutdown in every phase", engine, Account.of(database.store(), ids).balances());
      }
    }
  }

  private static void whileIdle(Database database) {
    for (int i = 0; i < 3; i++) Nodes.start(database, 3, Work.atOnce("nobody")).close();
  }

  /** At a random moment between the claims and the ends of many short tasks. */
  private static void whileClaiming(Database database, List<String> ids) {
    int rounds = Length.isLong() ? 60 : 4;
    var random = new Random(6);
    for (int round = 0; round < rounds; round++) {
      List<Submission> some = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Task task = Work.task("claim-" + round + "-" + i, Work.Way.NAP, 2);
        some.add(Submission.of(task));
        ids.add(task.id());
      }
      DurableProcessor node = Nodes.start(database, 4, Work.kind("node", _ -> {}));
      var _ = node.submitAll(some);
      LockSupport.parkNanos(random.nextInt(150) * 1_000_000L);
      node.close();
      assertThat(database.store().counts().of(State.RUNNING)).as("left running").isZero();
    }
  }

  private static void whileRunning(Database database, List<String> ids) {
    var begun = new AtomicInteger();
    try (DurableProcessor node =
        Nodes.start(
            database,
            3,
            Work.kind(
                "node",
                line -> {
                  if (line.startsWith("BEGUN")) begun.incrementAndGet();
                }))) {
      // The urgent ones before what is left of the rounds.
      for (int i = 0; i < 2; i++) {
        ids.add(node.submit(Submission.of(Work.task("hold-" + i, Work.Way.HOLD, 0))).id());
      }
      ids.add(node.submit(Submission.of(Work.task("deaf", Work.Way.DEAF, 4000))).id());
      Eventually.holds("all run", () -> begun.get() == 3);
    }
    for (String id : List.of("hold-0", "hold-1", "deaf")) {
      StoredTask task = database.store().find(id).orElseThrow();
      assertThat(task.state()).as(id).isEqualTo(State.PENDING);
      assertThat(task.attempt()).as(id).isZero();
    }
  }

  private static void whileWaitingForARetry(Database database, List<String> ids)
      throws InterruptedException {
    TaskKind<Work> fails =
        new TaskKind<>(
            Work.KIND,
            Work.class,
            (attempt, _) -> {
              if (attempt.task().id().equals("retry")) throw new IllegalStateException("once");
              return "node";
            });
    try (DurableProcessor node = Nodes.start(database, 3, fails)) {
      ids.add(
          node.submit(
                  Submission.of(
                      Work.task("retry", Work.Way.NAP, 0)
                          .withRetry(new Retry(2, Duration.ofSeconds(5), Duration.ofSeconds(5)))))
              .id());
      Eventually.holds(
          "it has failed once", () -> database.store().find("retry").orElseThrow().attempt() == 1);
    }
  }

  private static void whileDraining(Database database, List<String> ids) throws Exception {
    var begun = new CountDownLatch(1);
    DurableProcessor node =
        Nodes.start(
            database,
            3,
            Work.kind(
                "node",
                line -> {
                  if (line.startsWith("BEGUN drain")) begun.countDown();
                }));
    ids.add(node.submit(Submission.of(Work.task("drain", Work.Way.HOLD, 0))).id());
    begun.await();
    assertThat(node.drain(Deadline.after(Duration.ofMillis(50)))).isFalse();
    // What comes now is for other nodes.
    ids.add(node.submit(Submission.of(Work.task("drained", Work.Way.NAP, 0))).id());
    node.close();
    assertThat(database.store().find("drain").orElseThrow().state()).isEqualTo(State.PENDING);
    assertThat(database.store().find("drained").orElseThrow().state()).isEqualTo(State.PENDING);
  }

  @ParameterizedTest(
      name = "issue 6, SIGTERM: rows go back at once; a second one ends the process: {0}")
  @EnumSource(Database.Engine.class)
  void signals(Database.Engine engine) throws Exception {
    Place place = Place.fresh(engine);
    List<String> acknowledged = new ArrayList<>();
    try (NodeProcess once = NodeProcess.start(place, 3, true, 500).ready()) {
      once.submit("once-", 2, Work.Way.HOLD, 0);
      var _ = once.lines("BEGUN once-", 2);
      once.signal("TERM");
      assertThat(once.exitCode()).isZero();
      assertThat(once.lines("ENDED"))
          .hasSize(2)
          .allMatch(line -> line.text().endsWith(" ShuttingDownException"));
      acknowledged.addAll(once.acknowledged());
    }
    try (Database database = place.open()) {
      for (String id : acknowledged) {
        StoredTask task = database.store().find(id).orElseThrow();
        assertThat(task.state()).as(id).isEqualTo(State.PENDING);
        assertThat(task.attempt()).as(id).isZero();
      }
    }
    try (NodeProcess twice = NodeProcess.start(place, 6, true, 60_000).ready()) {
      twice.submit("twice-", 1, Work.Way.DEAF, 60_000);
      var _ = twice.lines("BEGUN twice-", 1);
      twice.signal("TERM");
      var _ = twice.line("CLOSING");
      twice.signal("TERM");
      assertThat(twice.exitCode()).isEqualTo(128 + 15);
      acknowledged.addAll(twice.acknowledged());
    }
    try (Database database = place.open();
        DurableProcessor _ = Nodes.start(database, 3, Work.atOnce("heir"))) {
      Account.settle(database.store(), Eventually.PATIENCE);
      Figures.print(
          "SIGTERM, and SIGTERM twice",
          engine,
          Account.of(database.store(), acknowledged).balances());
      assertThat(database.store().await(Context.background(), "twice-0").result())
          .isEqualTo("\"heir\"");
    }
  }
}
