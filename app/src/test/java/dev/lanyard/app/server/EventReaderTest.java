package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.CancelledException;
import dev.lanyard.context.Context;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
      reader.tellProgress("a", new EventReader.Told(0, "progress", "a" + i));
      reader.tellProgress("b", new EventReader.Told(0, "progress", "b" + i));
      reader.tellStats(new EventReader.Told(0, "stats", "s" + i));
    }
    assertThat(take()).extracting(EventReader.Told::data).containsExactly("a3", "b3", "s3");
  }

  @Test
  @DisplayName("a wait ends with what comes, or with its context")
  void waiting() throws Exception {
    var ready = new CountDownLatch(1);
    var taken =
        CompletableFuture.supplyAsync(() -> {
          ready.countDown();
          try {
            return take();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    ready.await();
    reader.tell(told(1, "task"));
    assertThat(taken.get(30, TimeUnit.SECONDS)).containsExactly(told(1, "task"));
    try (CancellableContext ctx = Context.background().withCancel()) {
      ctx.cancel();
      assertThatThrownBy(() -> reader.take(ctx)).isInstanceOf(CancelledException.class);
    }
  }
}
