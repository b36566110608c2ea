package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.durable.Counts;
import dev.lanyard.durable.Node;
import dev.lanyard.durable.SeriesPoint;
import dev.lanyard.durable.StoredEvent;
import dev.lanyard.tasks.State;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Issue 7: what happens is counted once, on whichever node. */
class TaskMetersTest {
  private static final Instant BEGIN = Instant.parse("2026-11-27T22:00:00Z");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final TaskMeters meters = new TaskMeters(registry);

  private void happened(int second, StoredEvent.Type type, State state, @Nullable String node) {
    meters.happened(
        new StoredEvent(
            second + 1,
            BEGIN.plusSeconds(second),
            "t",
            type,
            state,
            1,
            node,
            null,
            "T",
            "exec",
            null,
            "t",
            0,
            0,
            null,
            BEGIN,
            null),
        "a");
  }

  private static LiveStats.Figures figures(String self, String... nodes) {
    List<Node> all =
        Arrays.stream(nodes)
            .map(id -> new Node(id, "h", 1, BEGIN, BEGIN, 3, 0, Node.Status.ACTIVE, "0"))
            .toList();
    var minute = new SeriesPoint(BEGIN, 0, 0, 0, 0, 0, 0, null, null, null);
    return new LiveStats.Figures(
        new Counts(Map.of()), false, null, all, minute, BEGIN, "postgresql", self);
  }

  @Test
  @DisplayName("a wait ends with the start on any node: it is none of the next start here")
  void waits() {
    happened(0, StoredEvent.Type.SUBMITTED, State.PENDING, null);
    happened(1, StoredEvent.Type.STARTED, State.RUNNING, "b");
    happened(2, StoredEvent.Type.RETRYING, State.RETRYING, "b");
    happened(60, StoredEvent.Type.STARTED, State.RUNNING, "a");
    assertThat(registry.find("task.wait").timer()).isNull();
    happened(61, StoredEvent.Type.LOST, State.PENDING, "a");
    happened(63, StoredEvent.Type.STARTED, State.RUNNING, "a");
    assertThat(registry.get("task.wait").timer().totalTime(TimeUnit.SECONDS)).isEqualTo(2);
  }

  @Test
  @DisplayName("what happens on no node counts on the first, also while the database is away")
  void onNoNode() {
    happened(0, StoredEvent.Type.CANCELLED, State.CANCELLED, null);
    assertThat(registry.find("tasks.finished").counter())
        .as("it is not known who is first")
        .isNull();
    meters.figures(figures("a", "b", "a"));
    meters.figures(null);
    happened(1, StoredEvent.Type.CANCELLED, State.CANCELLED, null);
    assertThat(registry.find("tasks.finished").counter()).isNull();
    meters.figures(figures("a", "a", "b"));
    meters.figures(null);
    happened(2, StoredEvent.Type.CANCELLED, State.CANCELLED, null);
    assertThat(registry.get("tasks.finished").counter().count()).isEqualTo(1);
  }

  @Test
  @DisplayName("errors of the database are counted from zero")
  void errorsFromZero() {
    assertThat(registry.get("task.db.errors").counter().count()).isZero();
    meters.databaseFailed();
    assertThat(registry.get("task.db.errors").counter().count()).isEqualTo(1);
  }
}
