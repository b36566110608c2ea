package dev.lanyard.proofs.tasks;

import static dev.lanyard.proofs.tasks.SubmittingContract.awaited;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskEvent;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Timeouts, cancellation, extension. */
interface StoppingContract extends Contract {
  Duration SHORT = Duration.ofMillis(300);

  /** Until the context ends, and then whatever the handler likes: it does not count. */
  static Object untilTheEnd(Context context, List<String> seen) {
    seen.add("begun");
    boolean interrupted = false;
    while (!context.isDone()) {
      try {
        context.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    Throwable err = context.err();
    Throwable cause = context.cause();
    seen.add(message(err) + "/" + message(cause));
    if (interrupted) Thread.currentThread().interrupt();
    return "too late";
  }

  private static String message(@Nullable Throwable reason) {
    return reason == null ? "" : String.valueOf(reason.getMessage());
  }

  @Test
  @DisplayName(
      "issue 6, timeout: the context ends, and whatever the handler returns does not count")
  default void timeout() throws Exception {
    try (Subject subject = open()) {
      List<String> seen = new CopyOnWriteArrayList<>();
      Task task =
          subject.task("slow", attempt -> untilTheEnd(attempt.context(), seen)).withTimeout(SHORT);
      assertThat(subject.run(task)).isEqualTo(new Ended(State.TIMED_OUT, null, null));
      assertThat(seen).hasSize(2).last().asString().startsWith("context deadline exceeded/");
      assertThat(subject.trail().ended("slow")).containsExactly("started 1", "timed_out");
    }
  }

  @Test
  @DisplayName("issue 6, timeout: a handler that blocks is interrupted")
  default void blockedHandlersAreInterrupted() throws Exception {
    try (Subject subject = open()) {
      Task task = subject.task("blocked", _ -> awaited(new CountDownLatch(1))).withTimeout(SHORT);
      assertThat(subject.run(task).state()).isEqualTo(State.TIMED_OUT);
      assertThat(subject.stuck()).isZero();
    }
  }

  @Test
  @DisplayName("issue 6, cancel: what waits never starts")
  default void cancelWaiting() throws Exception {
    try (Subject subject = open(Setup.USUAL.withWorkers(1))) {
      var go = new CountDownLatch(1);
      Task busy = subject.task("busy", _ -> awaited(go));
      Task waits = subject.task("waits", _ -> "ran").withPriority(2);
      subject.submitAll(List.of(busy, waits));
      assertThat(subject.cancel(waits.id(), "not needed")).isTrue();
      assertThat(subject.await(waits.id()))
          .isEqualTo(new Ended(State.CANCELLED, null, "not needed"));
      go.countDown();
      assertThat(subject.await(busy.id()).state()).isEqualTo(State.COMPLETED);
      assertThat(subject.run(subject.task("after", _ -> 1)).state()).isEqualTo(State.COMPLETED);
      assertThat(subject.trail().namesOf(TaskEvent.Started.class)).containsExactly("busy", "after");
    }
  }

  @Test
  @DisplayName("issue 6, cancel: what runs is told with the cause, and ends as cancelled")
  default void cancelRunning() throws Exception {
    try (Subject subject = open()) {
      List<String> seen = new CopyOnWriteArrayList<>();
      Task task = subject.task("runs", attempt -> untilTheEnd(attempt.context(), seen));
      subject.submit(task);
      Eventually.holds("it runs", () -> seen.contains("begun"));
      assertThat(subject.state(task.id())).isEqualTo(State.RUNNING);
      assertThat(subject.cancel(task.id(), "changed my mind")).isTrue();
      assertThat(subject.await(task.id()))
          .isEqualTo(new Ended(State.CANCELLED, null, "changed my mind"));
      assertThat(seen).containsExactly("begun", "context canceled/changed my mind");
      assertThat(subject.cancel(task.id(), "again")).isFalse();
      assertThat(subject.await(task.id()).why()).isEqualTo("changed my mind");
    }
  }

  @Test
  @DisplayName("issue 6, cancel: a task that has ended stays as it is")
  default void cancelEnded() throws Exception {
    try (Subject subject = open()) {
      Task task = subject.task("done", _ -> 1);
      assertThat(subject.run(task).state()).isEqualTo(State.COMPLETED);
      assertThat(subject.cancel(task.id(), "too late")).isFalse();
      assertThat(subject.await(task.id())).isEqualTo(new Ended(State.COMPLETED, "1", null));
    }
  }

  /** On a machine that stalls, the deadline may pass before the body can ask: then once more. */
  @Test
  @DisplayName("issue 6, extension: a critical task has the time that it asked for")
  default void extension() throws Exception {
    try (Subject subject = open()) {
      var late = new AtomicBoolean(true);
      for (int tries = 1; tries <= 10 && late.get(); tries++) {
        String name = "critical " + tries;
        Task task =
            subject
                .task(
                    name,
                    attempt -> {
                      Duration before = attempt.context().remaining();
                      boolean extended = attempt.extend(AMPLE);
                      late.set(!extended);
                      Duration after = attempt.context().remaining();
                      // Past the first deadline, on the clock of the context.
                      attempt.context().sleep(before.plusMillis(200));
                      return after.compareTo(before) > 0 && !attempt.context().isDone();
                    })
                .withTimeout(SHORT)
                .withCritical(true);
        Ended ended = subject.run(task);
        if (late.get()) {
          assertThat(ended.state()).as("refused, so it was too late").isEqualTo(State.TIMED_OUT);
        } else {
          assertThat(ended).isEqualTo(new Ended(State.COMPLETED, "true", null));
          assertThat(subject.trail().ended(name)).contains("extended");
        }
      }
      assertThat(late).as("always too late").isFalse();
    }
  }

  @Test
  @DisplayName(
      "issue 6, extension: an ordinary task cannot, and a critical one not beyond all bounds")
  default void extensionIsRefused() throws Exception {
    try (Subject subject = open()) {
      var refused = new AtomicReference<Throwable>();
      Task task =
          subject.task(
              "ordinary",
              attempt -> {
                try {
                  return attempt.extend(Duration.ofMillis(1));
                } catch (IllegalStateException e) {
                  refused.set(e);
                  return null;
                }
              });
      assertThat(subject.run(task)).isEqualTo(new Ended(State.COMPLETED, null, null));
      assertThat(refused.get()).isInstanceOf(IllegalStateException.class);
    }
    try (Subject subject = open(Setup.USUAL.withLongest(AMPLE.multipliedBy(2)))) {
      Task task =
          subject
              .task(
                  "critical",
                  attempt -> {
                    Duration before = attempt.context().remaining();
                    boolean beyond = attempt.extend(AMPLE.multipliedBy(2));
                    boolean stands = attempt.context().remaining().compareTo(before) <= 0;
                    return List.of(beyond, stands, attempt.extend(Duration.ofSeconds(1)));
                  })
              .withCritical(true);
      assertThat(subject.run(task).result()).matches("\\[false, ?true, ?true]");
      assertThat(subject.trail().ended("critical"))
          .containsExactly("started 1", "extended", "completed");
    }
  }

  @Test
  @DisplayName(
      "issue 6, stuck: a handler that ignores its context is counted and told, and the task ends")
  default void stuck() throws Exception {
    var go = new CountDownLatch(1);
    try (Subject subject = open(Setup.USUAL.withGrace(Duration.ofMillis(100)))) {
      Task task = subject.task("deaf", _ -> deaf(go)).withTimeout(SHORT);
      assertThat(subject.run(task).state()).isEqualTo(State.TIMED_OUT);
      Eventually.holds("it is counted", () -> subject.stuck() == 1);
      assertThat(subject.trail().ended("deaf")).containsExactly("started 1", "stuck", "timed_out");
      assertThat(subject.run(subject.task("others", _ -> 1)).state()).isEqualTo(State.COMPLETED);
    } finally {
      go.countDown();
    }
  }

  static Object deaf(CountDownLatch go) {
    while (true) {
      try {
        go.await();
        return "heard nothing";
      } catch (InterruptedException ignored) {
        // That is what this handler is for.
      }
    }
  }
}
