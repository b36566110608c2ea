package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.durable.Cancellation;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.Submission;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.tasks.State;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL behind a pooler that knows transactions and no sessions. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PoolerTest {
  private static final int TASKS = 100;

  @Test
  @DisplayName("issue 6, pgbouncer with pooled transactions, without notifications: two nodes")
  void twoNodes() throws Exception {
    if (System.getenv("CI") == null) {
      Assumptions.assumeTrue(Pooler.isHere(), "needs pgbouncer: apt-get install pgbouncer");
    }
    Place behind = Place.fresh(Database.Engine.POSTGRESQL);
    List<String> said = new CopyOnWriteArrayList<>();
    try (Pooler pooler = Pooler.before(behind);
        Database one = pooler.place().open();
        Database other = pooler.place().open();
        DurableProcessor _ = start(one, "one", said);
        DurableProcessor _ = start(other, "other", said)) {
      TaskStore store = other.store();
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        Work.Way way = i % 10 == 0 ? Work.Way.FAIL : Work.Way.NAP;
        ids.add(store.submit(Submission.of(Work.task("p" + i, way, 1))).id());
      }
      Account.settle(store, Eventually.PATIENCE);
      ids.add(one.store().submit(Submission.of(Work.task("held", Work.Way.HOLD, 0))).id());
      Eventually.holds("it runs", () -> said.contains("BEGUN held 1"));
      long asked = TimeSource.system().nanoTime();
      // Whichever node has it, one of the two is the other one.
      var _ = store.cancel("held", Cancellation.because("enough"));
      StoredTask held = one.store().await(Context.background(), "held");
      Duration took = Duration.ofNanos(TimeSource.system().nanoTime() - asked);
      assertThat(held.state()).isEqualTo(State.CANCELLED);
      Account account = Account.of(store, ids).balances();
      assertThat(account.states()).containsOnlyKeys(State.COMPLETED, State.CANCELLED);
      assertThat(account.states()).containsEntry(State.COMPLETED, TASKS);
      Figures.print(
          "behind pgbouncer",
          behind.engine(),
          "cancelled in " + took.toMillis() + " ms; " + account);
    }
  }

  private static DurableProcessor start(Database database, String name, List<String> said) {
    return DurableProcessor.start(
        Context.background(),
        database,
        s ->
            s.withWorkers(5)
                .withListen(false)
                .withMaxTimeout(Work.LONG)
                .withOnlyKinds(Work.kind(name, said::add)));
  }
}
