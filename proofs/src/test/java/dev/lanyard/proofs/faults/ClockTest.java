package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.StoredEvent;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.Submission;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.tasks.Retry;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Machines that do not agree on the time. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ClockTest {
  private static DurableProcessor node(Database database, Duration shift, String kind) {
    var time = new ShiftedTime(shift);
    return DurableProcessor.start(
        Context.root(time),
        database,
        s ->
            s.withWorkers(8)
                .withMaxTimeout(Work.LONG)
                .withTime(time)
                .withOnlyKinds(
                    new dev.lanyard.tasks.TaskKind<>(
                        kind, Work.class, Work.kind(kind, _ -> {}).handler())));
  }

  private static Task task(String kind, String id, Work.Way what, long millis) {
    Task task = Work.task(kind + "-" + id, what, millis);
    return new Task(
        task.id(),
        task.name(),
        kind,
        task.payload(),
        1,
        task.timeout(),
        what == Work.Way.FAIL
            ? new Retry(5, Duration.ofMillis(40), Duration.ofMillis(80))
            : Retry.none(),
        null,
        false);
  }

  @Test
  @DisplayName(
      "issue 6, clocks 30 s apart: no false deaths, no early starts, timeouts as they should")
  void thirtySecondsApart() throws Exception {
    Place place = Place.fresh(Database.Engine.POSTGRESQL);
    try (Database one = place.open();
        Database two = place.open();
        DurableProcessor fast = node(one, Duration.ofSeconds(15), "fast");
        DurableProcessor slow = node(two, Duration.ofSeconds(-15), "slow")) {
      TaskStore store = one.store();
      List<String> ids = new ArrayList<>();
      for (DurableProcessor node : List.of(fast, slow)) {
        String kind = node == fast ? "fast" : "slow";
        Instant now = store.now();
        for (Submission each :
            List.of(
                // Twice the lease: both nodes look for dead ones meanwhile.
                Submission.of(task(kind, "long", Work.Way.NAP, 4000)),
                Submission.of(
                    task(kind, "slow", Work.Way.HOLD, 0).withTimeout(Duration.ofMillis(700))),
                Submission.of(task(kind, "retry", Work.Way.FAIL, 0)),
                Submission.of(task(kind, "later", Work.Way.NAP, 0)).at(now.plusSeconds(2)))) {
          ids.add(node.submit(each).id());
        }
      }
      for (String id : ids) {
        StoredTask ended = store.await(Context.background(), id);
        boolean timesOut = id.endsWith("-slow");
        assertThat(ended.state()).as(id).isEqualTo(timesOut ? State.TIMED_OUT : State.COMPLETED);
        Duration took = Duration.between(ended.startedAt(), ended.finishedAt());
        assertThat(took).as(id).isBetween(Duration.ZERO, Duration.ofSeconds(15));
        if (timesOut) assertThat(took).isGreaterThanOrEqualTo(Duration.ofMillis(690));
        assertThat(store.story(id))
            .as(id)
            .extracting(StoredEvent::type)
            .doesNotContain(StoredEvent.Type.LOST);
        if (id.endsWith("-later")) {
          assertThat(ended.startedAt()).isBetween(ended.runAt(), ended.runAt().plusSeconds(10));
        }
        // All on the server's clock, which is that of this machine.
        assertThat(Duration.between(ended.createdAt(), store.now()).abs())
            .as(id)
            .isLessThan(Duration.ofSeconds(28));
      }
      assertThat(store.nodes())
          .hasSize(2)
          .allMatch(node -> node.status() == dev.lanyard.durable.Node.Status.ACTIVE);
      Figures.print(
          "clocks 30 s apart",
          one.engine(),
          "false deaths 0; " + Account.of(store, ids).balances());
    }
  }
}
