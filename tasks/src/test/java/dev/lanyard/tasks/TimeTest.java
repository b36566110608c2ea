package dev.lanyard.tasks;

import static dev.lanyard.tasks.TaskProcessorTest.WORK;
import static dev.lanyard.tasks.TaskProcessorTest.awaitIgnoringInterrupts;
import static dev.lanyard.tasks.TaskProcessorTest.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.testing.Eventually;
import dev.lanyard.testing.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What takes time, on a clock that is moved by hand. */
class TimeTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ManualTime time = ManualTime.start();
  private final Trail trail = new Trail();
  private final Context test = Context.background();

  private TaskProcessor processor(UnaryOperator<Settings> settings) {
    return TaskProcessor.in(
        time.context(),
        s -> settings.apply(s.withTime(time).withKind(WORK).withListener(trail).withWorkers(1)));
  }

  @Test
  void aTaskEndsAtItsDeadlineCountedFromItsStart() throws Exception {
    try (TaskProcessor processor = processor(s -> s)) {
      TaskRef first = processor.submit(sleep("first", 4));
      TaskRef second = processor.submit(sleep("second", 6));
      advanceUntilDone(first, 4);
      assertThat(first.await(test).state()).isEqualTo(State.COMPLETED);
      trail.awaitEvent(TaskEvent.Started.class, 2);
      advanceUntilDone(second, 5);
      var timedOut = (Outcome.TimedOut) second.await(test);
      assertThat(timedOut.reason()).hasMessage("context deadline exceeded");
      Stats stats = processor.stats();
      assertThat(stats.timeoutRate()).isEqualTo(0.5);
      assertThat(stats.shortest()).isEqualTo(Duration.ofSeconds(4));
      assertThat(stats.median()).isEqualTo(Duration.ofSeconds(4));
      assertThat(stats.longest()).isEqualTo(Duration.ofSeconds(5));
    }
    assertThat(time.context().listening()).isEmpty();
    assertThat(time.armed()).isZero();
  }

  private static Task sleep(String name, int seconds) {
    return Task.of(name, Sleep.KIND, new Sleep(Duration.ofSeconds(seconds)));
  }

  /** A sleeping task sets an alarm for each of its steps. */
  private void advanceUntilDone(TaskRef ref, int seconds) throws InterruptedException {
    for (int millis = 0; millis < seconds * 1000 && !ref.state().isTerminal(); millis += 10) {
      Eventually.holds(
          "it sleeps or has ended", () -> time.armed() >= 2 || ref.state().isTerminal());
      time.advance(Duration.ofMillis(10));
    }
    ref.await(test);
  }

  @Test
  void sleepTellsItsProgress() throws Exception {
    try (TaskProcessor processor = processor(s -> s)) {
      TaskRef ref = processor.submit(sleep("naps", 2));
      advanceUntilDone(ref, 2);
    }
    List<String> story = trail.of("naps");
    assertThat(story).hasSize(103).startsWith("queued", "started 1", "1%", "2%");
    assertThat(story).endsWith("99%", "100%", "completed");
  }

  @Test
  void failedAttemptsAreRepeatedAfterTheWaitsThatTheSeedGives() throws Exception {
    var retry = new Retry(4, Duration.ofMillis(100), Duration.ofMillis(300));
    try (TaskProcessor processor = processor(s -> s.withRandom(new SplittableRandom(7)))) {
      TaskRef ref =
          processor.submit(
              task(
                      "flaky",
                      attempt -> {
                        if (attempt.number() < 4) throw new IOException("no " + attempt.number());
                        return "at last";
                      })
                  .withRetry(retry));
      var expected = new SplittableRandom(7);
      for (int failed = 1; failed <= 3; failed++) {
        trail.awaitEvent(TaskEvent.Retrying.class, failed);
        Duration wait = retry.waitAfter(failed, expected);
        assertThat(retryings().getLast().delay()).isEqualTo(wait);
        time.awaitArmed(2, LIMIT); // the deadline and the wait
        assertThat(ref.state()).isEqualTo(State.RETRYING);
        time.advance(wait.minusNanos(1));
        assertThat(ref.state()).isEqualTo(State.RETRYING);
        time.advance(Duration.ofNanos(1));
      }
      assertThat(ref.await(test)).isEqualTo(new Outcome.Completed("at last"));
      assertThat(processor.stats().retries()).isEqualTo(3);
    }
    assertThat(trail.of("flaky"))
        .containsExactly(
            "queued",
            "started 1",
            "retrying after 1",
            "started 2",
            "retrying after 2",
            "started 3",
            "retrying after 3",
            "started 4",
            "completed");
  }

  private List<TaskEvent.Retrying> retryings() {
    return trail.events().stream()
        .filter(TaskEvent.Retrying.class::isInstance)
        .map(TaskEvent.Retrying.class::cast)
        .toList();
  }

  @Test
  void aRetryThatCouldNotBeginBeforeTheDeadlineIsNotWaitedFor() throws Exception {
    var retry = new Retry(9, Duration.ofHours(1), Duration.ofHours(1));
    try (TaskProcessor processor = processor(s -> s.withRandom(new SplittableRandom(7)))) {
      TaskRef ref =
          processor.submit(
              task(
                      "fails",
                      _ -> {
                        throw new IOException("the real reason");
                      })
                  .withRetry(retry));
      assertThat(((Outcome.Failed) ref.await(test)).failure()).hasMessage("the real reason");
    }
    assertThat(trail.of("fails")).containsExactly("queued", "started 1", "failed");
  }

  @Test
  void aWaitBeforeARetryEndsWithTheContextAndKeepsNoWorker() throws Exception {
    var retry = new Retry(9, Duration.ofSeconds(4), Duration.ofSeconds(4));
    try (TaskProcessor processor = processor(s -> s.withRandom(new SplittableRandom(7)))) {
      TaskRef waits =
          processor.submit(
              task(
                      "waits",
                      _ -> {
                        throw new IOException("x");
                      })
                  .withRetry(retry));
      trail.awaitEvent(TaskEvent.Retrying.class, 1);
      assertThat(processor.submit(task("other", _ -> 1)).await(test).state())
          .isEqualTo(State.COMPLETED);
      waits.cancel(null);
      assertThat(waits.state()).isEqualTo(State.CANCELLED);
    }
    assertThat(time.armed()).isZero();
  }

  @Test
  void aTaskThatIsCancelledWhileItRunsLeavesNoAlarm() throws Exception {
    try (TaskProcessor processor = processor(s -> s)) {
      TaskRef runs = processor.submit(sleep("runs", 4));
      trail.awaitEvent(TaskEvent.Started.class, 1);
      time.awaitArmed(2, LIMIT); // the deadline and the sleep
      runs.cancel(null);
      assertThat(runs.await(test).state()).isEqualTo(State.CANCELLED);
      assertThat(time.armed()).isZero();
    }
    assertThat(time.context().listening()).isEmpty();
  }

  @Test
  void aCriticalTaskMovesItsDeadline() throws Exception {
    var extended = new CountDownLatch(1);
    try (TaskProcessor processor = processor(s -> s)) {
      TaskRef ref =
          processor.submit(
              task(
                      "critical",
                      attempt -> {
                        assertThat(attempt.extend(Duration.ofSeconds(3))).isTrue();
                        extended.countDown();
                        attempt.context().sleep(Duration.ofSeconds(7));
                        return "saved";
                      })
                  .withCritical(true));
      extended.await();
      time.awaitArmed(2, LIMIT);
      time.advance(Duration.ofSeconds(6));
      assertThat(ref.state()).isEqualTo(State.RUNNING);
      time.advance(Duration.ofSeconds(1));
      assertThat(ref.await(test)).isEqualTo(new Outcome.Completed("saved"));
      assertThat(trail.of("critical"))
          .containsExactly("queued", "started 1", "extended", "completed");

      TaskRef other = processor.submit(task("other", a -> a.extend(Duration.ofSeconds(1))));
      assertThat(((Outcome.Failed) other.await(test)).failure())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("task \"other\" is not critical: its deadline stands");
    }
  }

  @Test
  void aHandlerThatDoesNotLeaveLosesItsTaskAndKeepsItsWorker() throws Exception {
    var started = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    try (TaskProcessor processor = processor(s -> s)) {
      TaskRef deaf =
          processor.submit(
              task(
                  "deaf",
                  _ -> {
                    started.countDown();
                    awaitIgnoringInterrupts(leave);
                    return "never counts";
                  }));
      TaskRef next = processor.submit(task("next", _ -> 1));
      started.await();
      time.advance(Duration.ofSeconds(5));
      assertThat(deaf.state()).isEqualTo(State.RUNNING);
      time.advance(Duration.ofSeconds(5));
      assertThat(deaf.await(test).state()).isEqualTo(State.TIMED_OUT);
      assertThat(trail.of("deaf")).containsExactly("queued", "started 1", "stuck", "timed_out");
      assertThat(stackOf("deaf")).isNotEmpty();
      assertThat(next.state()).isEqualTo(State.PENDING);
      leave.countDown();
      assertThat(next.await(test).state()).isEqualTo(State.COMPLETED);
      assertThat(processor.stats().stuck()).isEqualTo(1);
    }
    assertThat(time.armed()).isZero();
  }

  private List<StackTraceElement> stackOf(String name) {
    var stack = new ArrayList<StackTraceElement>();
    for (TaskEvent event : trail.events()) {
      if (event instanceof TaskEvent.Stuck stuck && stuck.task().name().equals(name)) {
        stack.addAll(stuck.stack());
      }
    }
    return stack;
  }

  @Test
  void closeDoesNotHangOnAHandlerThatDoesNotLeave() throws Exception {
    var started = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    var closed = new AtomicInteger();
    TaskProcessor processor = processor(s -> s.withGrace(Duration.ofSeconds(2)));
    TaskRef deaf =
        processor.submit(
            task(
                "deaf",
                attempt -> {
                  // Comes after the processor's own listener further up, which starts the grace.
                  attempt.context().onDone(ended::countDown);
                  started.countDown();
                  awaitIgnoringInterrupts(leave);
                  return null;
                }));
    started.await();
    Thread closing =
        Thread.ofVirtual()
            .start(() -> {
              processor.close();
              closed.incrementAndGet();
            });
    ended.await();
    time.advance(Duration.ofMillis(1999));
    assertThat(closed).hasValue(0);
    time.advance(Duration.ofMillis(1));
    closing.join();
    assertThat(deaf.state()).isEqualTo(State.CANCELLED);
    assertThat(trail.of("deaf")).containsExactly("queued", "started 1", "stuck", "cancelled");
    leave.countDown();
  }
}
