package dev.lanyard.proofs.faults;

import dev.lanyard.context.TimeSource;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.proofs.Length;
import dev.lanyard.proofs.Pause;
import dev.lanyard.proofs.tasks.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that is killed at any moment and started again, over and over, on one file. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class KillLoopTest {
  @Test
  @DisplayName(
      "issue 6, rounds of kill -9 and restart on SQLite: every acknowledged task ended once")
  void killAndRestart() {
    int rounds = Length.isLong() ? 100 : 5;
    long seed = TimeSource.system().nanoTime();
    var random = new Random(seed);
    Place place = Place.fresh(Database.Engine.SQLITE);
    List<String> acknowledged = new ArrayList<>();
    int early = 0;
    for (int round = 0; round < rounds; round++) {
      try (NodeProcess victim = NodeProcess.start(place, 4)) {
        if (random.nextInt(5) == 0) {
          // Perhaps while it opens the database, perhaps before, perhaps after.
          pause(random.nextInt(2500));
        } else {
          victim.ready();
          victim.submit("r" + round + "a", 100_000, Work.Way.NAP, 1);
          victim.submit("r" + round + "b", 100_000, Work.Way.FAIL, 1);
          pause(random.nextInt(1000));
        }
        victim.kill();
        if (victim.lines("READY").isEmpty()) early++;
        acknowledged.addAll(victim.acknowledged());
      }
    }
    try (Database database = place.open();
        DurableProcessor _ = Nodes.start(database, 20, Work.atOnce("last"))) {
      Account.settle(database.store(), Duration.ofMinutes(5));
      Account account = Account.of(database.store(), acknowledged);
      Figures.print(
          rounds + " rounds of kill -9 and restart",
          database.engine(),
          account + "; killed before it was ready " + early + " times; seed " + seed);
      account.balances();
    }
  }

  private static void pause(long millis) {
    Pause.of(Duration.ofMillis(millis), "it is killed at any moment");
  }
}
