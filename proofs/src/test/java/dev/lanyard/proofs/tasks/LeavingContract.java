package dev.lanyard.proofs.tasks;

import static dev.lanyard.proofs.tasks.StoppingContract.untilTheEnd;
import static dev.lanyard.proofs.tasks.SubmittingContract.awaited;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Deadline;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Draining and closing. */
interface LeavingContract extends Contract {
  @Test
  @DisplayName("issue 6, drain: waits for what runs, and says when it gives up")
  default void drain() throws Exception {
    try (Subject subject = open()) {
      var go = new CountDownLatch(1);
      Task task = subject.task("slow", _ -> awaited(go));
      subject.submit(task);
      Eventually.holds("it runs", () -> subject.state(task.id()) == State.RUNNING);
      assertThat(subject.drain(Deadline.after(Duration.ofMillis(50)))).isFalse();
      assertThat(subject.state(task.id())).isEqualTo(State.RUNNING);
      go.countDown();
      assertThat(subject.drain(Deadline.NONE)).isTrue();
      assertThat(subject.await(task.id()).state()).isEqualTo(State.COMPLETED);
    }
  }

  @Test
  @DisplayName("issue 6, close: ends the contexts of what runs, and waits for the handlers")
  default void closing() {
    List<String> seen = new CopyOnWriteArrayList<>();
    var begun = new CountDownLatch(3);
    try (Subject subject = open()) {
      for (int i = 0; i < 3; i++) {
        subject.submit(
            subject.task(
                "t" + i,
                attempt -> {
                  begun.countDown();
                  return untilTheEnd(attempt.context(), seen);
                }));
      }
      Eventually.holds("all run", () -> begun.getCount() == 0);
    }
    seen.removeIf("begun"::equals);
    assertThat(seen).hasSize(3).allMatch(words -> words.startsWith("context canceled/"));
  }

  @Test
  @DisplayName("issue 6, close: returns although a handler ignores its context")
  default void closeDoesNotWaitForEver() {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    try (Subject subject = open(Setup.USUAL.withGrace(Duration.ofMillis(100)))) {
      subject.submit(
          subject.task(
              "deaf",
              _ -> {
                begun.countDown();
                return StoppingContract.deaf(go);
              }));
      Eventually.holds("it runs", () -> begun.getCount() == 0);
    } finally {
      go.countDown();
    }
  }
}
