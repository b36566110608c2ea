package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.CancelledException;
import dev.lanyard.context.Context;
import dev.lanyard.durable.StoredEvent;
import dev.lanyard.tasks.State;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Issue 7: what a reader of events has not read yet is bounded. */
class EventReaderTest {
  private final EventReader reader = new EventReader(_ -> true, _ -> {});

  private static EventReader.Told told(long id, String name) {
    return new EventReader.Told(id, name, "{}");
  }

  private List<EventReader.Told> take() throws InterruptedException {
    return reader.take(Context.background());
  }

  @Test
  @DisplayName("what does not fit is counted, and told once, after what was kept")
  void dropped() throws Exception {
    for (int i = 1; i <= EventReader.ROOM + 17; i++) reader.tell(told(i, "task"));
    List<EventReader.Told> taken = take();
    assertThat(taken).hasSize(EventReader.ROOM + 1);
    assertThat(taken.getLast()).isEqualTo(new EventReader.Told(0, "dropped", "{\"count\":17}"));
    assertThat(taken.get(EventReader.ROOM - 1).id()).isEqualTo(EventReader.ROOM);
    reader.tell(told(9999, "task"));
    assertThat(take()).containsExactly(told(9999, "task"));
  }

  @Test
  @DisplayName("of a task's progress and of figures, only the last is kept")
  void latest() throws Exception {
    for (int i = 1; i <= 3; i++) {
      reader.hold(progress("a", i));
      reader.hold(progress("b", 10 + i));
      reader.tellStats(new EventReader.Told(0, "stats", "s" + i));
    }
    assertThat(take()).extracting(EventReader.Told::data).containsExactly("s3");
    reader.beat();
    List<EventReader.Told> taken = take();
    assertThat(taken).extracting(EventReader.Told::name).containsExactly("progress", "progress");
    assertThat(taken.getFirst().data()).contains("\"task\":\"a\"", "\"progress\":3");
    assertThat(taken.getLast().data()).contains("\"task\":\"b\"", "\"progress\":13");
  }

  @Test
  @DisplayName("progress never comes after the turn that its task took then")
  void noProgressAfterwards() throws Exception {
    reader.hold(progress("a", 50));
    reader.beat();
    reader.hold(progress("a", 60));
    reader.hold(progress("b", 10));
    reader.turned("a");
    reader.tell(told(1, "task"));
    reader.beat();
    List<EventReader.Told> taken = take();
    assertThat(taken).extracting(EventReader.Told::name).containsExactly("task", "progress");
    assertThat(taken.getLast().data()).contains("\"task\":\"b\"");
  }

  private static EventReader.Progress progress(String task, int percent) {
    Instant at = Instant.parse("2026-11-27T22:10:00Z");
    StoredEvent.Type type = StoredEvent.Type.PROGRESS;
    return new EventReader.Progress(
        new StoredEvent(
            0,
            at,
            task,
            type,
            State.RUNNING,
            1,
            "n",
            null,
            "T",
            "sleep",
            null,
            task,
            0,
            percent,
            null,
            at,
            "r"));
  }

  @Test
  @DisplayName("a wait ends with what comes, or with its context")
  void waiting() throws Exception {
    var taken = new CompletableFuture<List<EventReader.Told>>();
    Thread waiter =
        Thread.ofPlatform()
            .start(() -> {
              try {
                taken.complete(take());
              } catch (InterruptedException e) {
                taken.completeExceptionally(e);
              }
            });
    Served.await(waiter::getState, state -> state.name().endsWith("WAITING"));
    assertThat(taken).isNotDone();
    reader.tell(told(1, "task"));
    assertThat(taken.get(30, TimeUnit.SECONDS)).containsExactly(told(1, "task"));
    try (CancellableContext ctx = Context.background().withCancel()) {
      ctx.cancel();
      assertThatThrownBy(() -> reader.take(ctx)).isInstanceOf(CancelledException.class);
    }
  }
}
