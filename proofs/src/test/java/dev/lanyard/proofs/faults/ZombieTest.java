package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.proofs.Pause;
import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.TaskKind;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that stands still for longer than its lease and then goes on as if nothing were. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ZombieTest {
  @Test
  @DisplayName("issue 6, SIGSTOP past the lease and SIGCONT: the zombie's write is refused")
  void theZombieIsRefused() throws Exception {
    Place place = Place.fresh(Database.Engine.POSTGRESQL);
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    TaskKind<Work> heir =
        new TaskKind<>(
            Work.KIND,
            Work.class,
            (_, _) -> {
              begun.countDown();
              go.await();
              return "heir";
            });
    try (NodeProcess zombie = NodeProcess.start(place, 3).ready();
        Database database = place.open()) {
      zombie.submit("z-", 1, Work.Way.DEAF, 1500);
      var _ = zombie.line("BEGUN z-0");
      zombie.signal("STOP");
      try (DurableProcessor _ = Nodes.start(database, 3, heir)) {
        Eventually.holds("the heir runs it", () -> begun.getCount() == 0);
        zombie.signal("CONT");
        var _ = zombie.line("BODY-END z-0");
        Eventually.holds(
            "the zombie has understood",
            () -> {
              zombie.send("stats");
              return zombie.lines("STATS ").stream()
                  .anyMatch(line -> line.text().contains("leasesLost=1"));
            });
        StoredTask running = database.store().find("z-0").orElseThrow();
        assertThat(running.state()).isEqualTo(State.RUNNING);
        go.countDown();
        StoredTask ended = database.store().await(Context.background(), "z-0");
        assertThat(ended.state()).isEqualTo(State.COMPLETED);
        assertThat(ended.result()).isEqualTo("\"heir\"");
        assertThat(ended.attempt()).as("what the zombie did does not count").isEqualTo(1);
        // Nothing comes after it.
        zombie.send("stats");
        Account account = Account.of(database.store(), List.of("z-0")).balances();
        Figures.print("SIGSTOP past the lease, SIGCONT", database.engine(), account);
      }
    } finally {
      go.countDown();
    }
  }

  @Test
  @DisplayName("issue 6, SIGSTOP of the only process on SQLite: it goes on, each task ends once")
  void aloneOnSqlite() {
    Place place = Place.fresh(Database.Engine.SQLITE);
    try (NodeProcess sleeper = NodeProcess.start(place, 3).ready()) {
      sleeper.submit("s-", 3, Work.Way.DEAF, 1000);
      var _ = sleeper.lines("BEGUN s-", 3);
      sleeper.signal("STOP");
      Pause.of(
          Duration.ofSeconds(4), "twice the lease, and nobody is there who would see it run out");
      sleeper.signal("CONT");
      sleeper.submit("t-", 3, Work.Way.NAP, 1);
      var _ = sleeper.line("SUBMITTED t-");
      var _ = sleeper.lines("BODY-END", 3);
      sleeper.signal("TERM");
      assertThat(sleeper.exitCode()).isZero();
      int bodies = sleeper.lines("BEGUN s-").size();
      try (Database database = place.open();
          DurableProcessor _ = Nodes.start(database, 3, Work.atOnce("heir"))) {
        Account.settle(database.store(), Eventually.PATIENCE);
        Account account = Account.of(database.store(), sleeper.acknowledged()).balances();
        Figures.print(
            "SIGSTOP of the only process, SIGCONT",
            database.engine(),
            account + "; bodies begun for 3 tasks: " + bodies);
        assertThat(account.acknowledged()).isEqualTo(6);
      }
    }
  }
}
