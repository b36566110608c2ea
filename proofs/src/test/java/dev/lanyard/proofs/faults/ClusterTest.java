package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.TimeSource;
import dev.lanyard.durable.Cancellation;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.Submission;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.proofs.Length;
import dev.lanyard.proofs.Pause;
import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three nodes on one PostgreSQL, one of which is always about to be killed. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ClusterTest {
  @Test
  @DisplayName("issue 6, three nodes, killed and started at random: the account")
  void killedAtRandom() {
    Duration span = Length.isLong() ? Duration.ofMinutes(5) : Duration.ofSeconds(15);
    int tasks = Length.isLong() ? 10_000 : 400;
    TimeSource time = TimeSource.system();
    long seed = time.nanoTime();
    var random = new Random(seed);
    Place place = Place.fresh(Database.Engine.POSTGRESQL);
    List<NodeProcess> nodes = new ArrayList<>();
    List<String> acknowledged = new ArrayList<>();
    Set<String> cancelled = new HashSet<>();
    int kills = 0;
    try (Database database = place.open()) {
      TaskStore store = database.store();
      for (int i = 0; i < 3; i++) nodes.add(NodeProcess.start(place, 6));
      for (NodeProcess node : nodes) node.ready();
      long start = time.nanoTime();
      long nextKill = start + millis(1500);
      while (time.nanoTime() - start < span.toNanos() || acknowledged.size() < tasks) {
        double due = (double) (time.nanoTime() - start) / span.toNanos() * tasks;
        if (acknowledged.size() < Math.min(due, tasks)) {
          String id = "c" + acknowledged.size();
          submit(store, id, random);
          acknowledged.add(id);
          if (random.nextInt(10) == 0) cancel(store, id, cancelled);
        }
        // A machine that takes long to start a process must not kill only what has not begun.
        boolean allReady = nodes.stream().noneMatch(node -> node.lines("READY").isEmpty());
        boolean within = time.nanoTime() - start < span.toNanos();
        if (within && allReady && time.nanoTime() - nextKill > 0) {
          NodeProcess victim = nodes.remove(random.nextInt(nodes.size()));
          victim.kill();
          kills++;
          nodes.add(NodeProcess.start(place, 6));
          nextKill = time.nanoTime() + millis(1500 + random.nextInt(3000));
        }
        Pause.of(Duration.ofMillis(1), "tasks come in the rhythm of the clock");
      }
      Account.settle(store, Duration.ofMinutes(2));
      Account account = Account.of(store, acknowledged);
      Figures.print(
          "three nodes, " + kills + " kills in " + span.toSeconds() + " s",
          database.engine(),
          account + "; cancels acknowledged " + cancelled.size() + "; seed " + seed);
      account.balances();
      assertThat(cancelled).allMatch(id -> store.find(id).orElseThrow().state() == State.CANCELLED);
    } finally {
      for (NodeProcess node : nodes) node.close();
    }
  }

  private static void submit(TaskStore store, String id, Random random) {
    Work.Way way = random.nextInt(4) == 0 ? Work.Way.FAIL : Work.Way.NAP;
    var _ = store.submit(Submission.of(Work.task(id, way, random.nextInt(200))));
  }

  private static void cancel(TaskStore store, String id, Set<String> cancelled) {
    try {
      var _ = store.cancel(id, Cancellation.because("at random"));
      cancelled.add(id);
    } catch (RefusedException ended) {
      assertThat(ended.reason()).isEqualTo(RefusedException.Reason.ENDED);
    }
  }

  private static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
