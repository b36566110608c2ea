package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.TimeSource;
import dev.lanyard.durable.Cancellation;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.Submission;
import dev.lanyard.proofs.Length;
import dev.lanyard.proofs.tasks.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the call in one process to the end of the body in another. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CancelLatencyTest {
  @ParameterizedTest(name = "issue 6, cancel from another process, with NOTIFY: {0}")
  @ValueSource(booleans = {true, false})
  void fromAnotherProcess(boolean listen) {
    int rounds = Length.isLong() ? 200 : 12;
    Place place = Place.fresh(Database.Engine.POSTGRESQL);
    List<Duration> latency = new ArrayList<>();
    try (NodeProcess node = NodeProcess.start(place, 3, listen, 1000).ready();
        Database database = place.open()) {
      for (int round = 0; round < rounds; round++) {
        String id = "l-" + round;
        var _ = database.store().submit(Submission.of(Work.task(id, Work.Way.HOLD, 0)));
        var _ = node.line("BEGUN " + id + " ");
        long asked = TimeSource.system().nanoTime();
        var _ = database.store().cancel(id, Cancellation.because("latency"));
        long heard = node.line("ENDED " + id + " ").nanoTime();
        latency.add(Duration.ofNanos(heard - asked));
      }
      assertThat(node.lines("ENDED"))
          .hasSize(rounds)
          .allMatch(line -> line.text().endsWith(" CancelRequestedException"));
    }
    Figures.print(
        "cancel from another process, " + (listen ? "with" : "without") + " NOTIFY",
        Database.Engine.POSTGRESQL,
        Figures.spread(latency));
    assertThat(latency).allMatch(each -> each.compareTo(Duration.ofSeconds(15)) < 0);
  }
}
