package dev.lanyard.proofs.tasks;

import static dev.lanyard.proofs.tasks.SubmittingContract.fail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.tasks.Retry;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Further attempts and the waits before them. Jitter chooses the longest wait. */
interface RetryContract extends Contract {
  /** Waits that no test sits through. */
  Retry LATER = new Retry(3, Duration.ofMinutes(4), Duration.ofMinutes(4));

  Retry SOON = new Retry(3, Duration.ofMillis(20), Duration.ofMillis(40));

  @Test
  @DisplayName("issue 6, retries: attempts are counted until one succeeds")
  default void untilItSucceeds() throws Exception {
    try (Subject subject = open()) {
      List<Integer> attempts = new CopyOnWriteArrayList<>();
      Task task =
          subject
              .task(
                  "third time",
                  attempt -> {
                    attempts.add(attempt.number());
                    return attempt.number() < 3 ? fail("not yet") : attempt.number();
                  })
              .withRetry(SOON);
      assertThat(subject.run(task)).isEqualTo(new Ended(State.COMPLETED, "3", null));
      assertThat(attempts).containsExactly(1, 2, 3);
      assertThat(subject.trail().ended("third time"))
          .containsExactly(
              "started 1",
              "retrying after 1",
              "started 2",
              "retrying after 2",
              "started 3",
              "completed");
    }
  }

  @Test
  @DisplayName("issue 6, retries: the last failure is the task's; an Error is not tried again")
  default void untilTheyAreUsedUp() throws Exception {
    try (Subject subject = open()) {
      Task task =
          subject.task("never", attempt -> fail("attempt " + attempt.number())).withRetry(SOON);
      Ended ended = subject.run(task);
      assertThat(ended.state()).isEqualTo(State.FAILED);
      assertThat(ended.why()).contains("attempt 3");
      Task broken =
          subject
              .task(
                  "broken",
                  _ -> {
                    throw new AssertionError("a bug");
                  })
              .withRetry(SOON);
      assertThat(subject.run(broken).why()).contains("a bug");
      assertThat(subject.trail().ended("broken")).containsExactly("started 1", "failed");
    }
  }

  @Test
  @DisplayName("issue 6, retries: a wait takes no worker, and a cancel ends it")
  default void aWaitCanBeCancelled() throws Exception {
    try (Subject subject = open(Setup.USUAL.withWorkers(1))) {
      Task waits = subject.task("waits", _ -> fail("for now")).withRetry(LATER);
      subject.submit(waits);
      Eventually.holds("it waits", () -> subject.state(waits.id()) == State.RETRYING);
      assertThat(subject.run(subject.task("between", _ -> 1)).state()).isEqualTo(State.COMPLETED);
      assertThat(subject.cancel(waits.id(), "enough")).isTrue();
      assertThat(subject.await(waits.id())).isEqualTo(new Ended(State.CANCELLED, null, "enough"));
      assertThat(subject.trail().namesOf(dev.lanyard.tasks.TaskEvent.Started.class))
          .containsExactly("waits", "between");
    }
  }

  @Test
  @DisplayName("issue 6, retries: none that could not begin before the deadline")
  default void notPastTheDeadline() throws Exception {
    try (Subject subject = open()) {
      Task task =
          subject
              .task("short", _ -> fail("at once"))
              .withRetry(LATER)
              .withTimeout(Duration.ofSeconds(3));
      Ended ended = subject.run(task);
      assertThat(ended.state()).isEqualTo(State.FAILED);
      assertThat(ended.why()).contains("at once");
      assertThat(subject.trail().ended("short")).containsExactly("started 1", "failed");
    }
  }

  @Test
  @DisplayName("issue 6, retries: the deadline is that of the first attempt")
  default void oneDeadlineForAllAttempts() throws Exception {
    try (Subject subject = open()) {
      List<Duration> remaining = new CopyOnWriteArrayList<>();
      Task task =
          subject
              .task(
                  "all together",
                  attempt -> {
                    remaining.add(attempt.context().remaining());
                    return attempt.number() == 1 ? fail("once") : null;
                  })
              .withRetry(new Retry(2, Duration.ofMillis(500), Duration.ofMillis(500)));
      assertThat(subject.run(task).state()).isEqualTo(State.COMPLETED);
      // The wait was half a second, all but a nanosecond; stores keep whole milliseconds.
      assertThat(remaining.get(1)).isLessThan(remaining.get(0).minusMillis(400));
    }
  }
}
