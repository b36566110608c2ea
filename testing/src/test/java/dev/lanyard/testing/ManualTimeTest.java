package dev.lanyard.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.context.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ManualTimeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ManualTime time = ManualTime.start();
  private final List<String> trail = new ArrayList<>();

  @Test
  @DisplayName("row X2: a deadline passes when the clock is moved to it, not before")
  void deadlinePassesWhenTheClockIsMoved() {
    CancellableContext hour = time.context().withTimeout(Duration.ofHours(1));
    hour.onDone(() -> trail.add("ended on " + Thread.currentThread().threadId()));

    time.advance(Duration.ofHours(1).minusNanos(1));
    assertThat(hour.isDone()).isFalse();
    assertThat(hour.remaining()).isEqualTo(Duration.ofNanos(1));

    time.advance(Duration.ofNanos(1));
    assertThat(hour.err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(trail).containsExactly("ended on " + Thread.currentThread().threadId());
  }

  @Test
  @DisplayName("row X2: a thread that sleeps on the context wakes when the clock is moved")
  void sleepingThreadWakes() throws Exception {
    var slept = new CompletableFuture<Instant>();
    Thread sleeper =
        Thread.startVirtualThread(() -> {
          try {
            time.context().sleep(Duration.ofDays(365));
            slept.complete(time.instant());
          } catch (Throwable thrown) {
            slept.completeExceptionally(thrown);
          }
        });
    time.awaitArmed(1, LIMIT);
    time.advance(Duration.ofDays(365));
    assertThat(slept.get(30, TimeUnit.SECONDS)).isEqualTo("2027-01-01T00:00:00Z");
    sleeper.join();
    assertThat(time.armed()).isZero();
  }

  @Test
  void showsWhereItStartedAndWhatItWasMoved() {
    ManualTime clock = ManualTime.at(Instant.parse("2025-12-02T14:30:22Z"));
    long before = clock.nanoTime();
    clock.advance(Duration.ofMillis(1500));
    assertThat(clock.instant()).isEqualTo("2025-12-02T14:30:23.500Z");
    assertThat(clock.nanoTime() - before).isEqualTo(1_500_000_000);
    assertThat(clock).hasToString("ManualTime[2025-12-02T14:30:23.500Z, armed: 0]");
  }

  @Test
  void standsStillOtherwise() {
    Deadline deadline = Deadline.after(SECOND, time);
    assertThat(deadline.remaining()).isEqualTo(SECOND);
    time.advance(Duration.ZERO);
    assertThat(deadline.remaining()).isEqualTo(SECOND);
  }

  @Test
  void readingWrapsAndDeadlinesStillHold() {
    CancellableContext ctx = time.context().withTimeout(SECOND);
    assertThat(ctx.remaining()).isEqualTo(SECOND);
    time.advance(SECOND.minusNanos(1));
    assertThat(time.nanoTime()).isNegative();
    assertThat(ctx.isDone()).isFalse();
    time.advance(Duration.ofNanos(1));
    assertThat(ctx.isDone()).isTrue();
  }

  @Test
  void alarmsRunInOrderOfTimeEachAtItsOwnMoment() {
    alarm("third", 3, () -> {});
    alarm("first", 1, () -> alarm("set by first", 1, () -> alarm("too late", 5, () -> {})));
    alarm("second", 2, () -> {});
    alarm("third, set later", 3, () -> {});
    time.advance(SECOND.multipliedBy(4));
    assertThat(trail)
        .containsExactly(
            "first at 1",
            "second at 2",
            "set by first at 2",
            "third at 3",
            "third, set later at 3");
    assertThat(time.armed()).isEqualTo(1);
    assertThat(time.instant()).isEqualTo("2026-01-01T00:00:04Z");
  }

  private void alarm(String name, int seconds, Runnable then) {
    var _ =
        time.schedule(
            time.nanoTime() + SECOND.multipliedBy(seconds).toNanos(),
            () -> {
              trail.add(name + " at " + time.instant().getEpochSecond() % 60);
              then.run();
            });
  }

  @Test
  void stoppedAlarmNeverRuns() {
    Registration alarm = time.schedule(time.nanoTime() + 1, () -> trail.add("rang"));
    assertThat(time.armed()).isEqualTo(1);
    assertThat(alarm.stop()).isTrue();
    assertThat(alarm.stop()).isFalse();
    assertThat(time.armed()).isZero();
    time.advance(SECOND);
    assertThat(trail).isEmpty();
  }

  @Test
  void alarmThatRangCannotBeStopped() {
    Registration alarm = time.schedule(time.nanoTime() + 1, () -> {});
    time.advance(SECOND);
    assertThat(alarm.stop()).isFalse();
  }

  @Test
  void alarmForThePastRunsAtOnceOnAnotherThread() throws Exception {
    var lock = new ReentrantLock();
    var rangOn = new CompletableFuture<Thread>();
    lock.lock(); // as the tree holds one
    try {
      time.schedule(
          time.nanoTime(),
          () -> {
            lock.lock();
            try {
              rangOn.complete(Thread.currentThread());
            } finally {
              lock.unlock();
            }
          });
    } finally {
      lock.unlock();
    }
    assertThat(rangOn.get(30, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
    assertThat(time.armed()).isZero();
  }

  @Test
  void alarmForThePastEitherRunsOrIsStopped() throws Exception {
    int rounds = 2_000;
    var ran = new AtomicInteger();
    var over = new CountDownLatch(rounds);
    int stopped = 0;
    for (int round = 0; round < rounds; round++) {
      Registration alarm =
          time.schedule(
              time.nanoTime() - 1,
              () -> {
                ran.incrementAndGet();
                over.countDown();
              });
      if (alarm.stop()) {
        stopped++;
        over.countDown();
      }
    }
    assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(ran.get() + stopped).isEqualTo(rounds);
  }

  @Test
  void noLockIsHeldWhileAnAlarmRuns() {
    var armedElsewhere = new CompletableFuture<Integer>();
    time.schedule(
        time.nanoTime() + 1,
        () -> {
          Thread.startVirtualThread(() -> armedElsewhere.complete(time.armed()));
          assertThat(armedElsewhere.orTimeout(30, TimeUnit.SECONDS).join()).isZero();
          trail.add("rang");
        });
    time.advance(SECOND);
    assertThat(trail).containsExactly("rang");
  }

  @Test
  void timeDoesNotGoBack() {
    assertThatThrownBy(() -> time.advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot move the clock by PT-1S: time does not go back");
  }

  @Test
  void alarmMayMoveTheClockItself() {
    alarm("first", 1, () -> time.advance(SECOND.multipliedBy(4)));
    alarm("second", 2, () -> {});
    time.advance(SECOND.multipliedBy(3));
    assertThat(trail).containsExactly("first at 1", "second at 2");
    assertThat(time.instant()).isEqualTo("2026-01-01T00:00:05Z");
  }

  @Test
  void whatAnAlarmThrowsComesOutWithTheClockAtItsMoment() {
    alarm(
        "fails",
        1,
        () -> {
          throw new IllegalStateException("alarm");
        });
    alarm("later", 2, () -> {});
    assertThatThrownBy(() -> time.advance(SECOND.multipliedBy(2))).hasMessage("alarm");
    assertThat(trail).containsExactly("fails at 1");
    time.advance(SECOND);
    assertThat(trail).containsExactly("fails at 1", "later at 2");
  }

  @Test
  void awaitArmedSaysHowManyAreMissing() {
    time.schedule(time.nanoTime() + 1, () -> {});
    assertThatThrownBy(() -> time.awaitArmed(2, Duration.ofMillis(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessage("waited PT0.001S for 2 armed alarms, and there were 1");
  }

  @Test
  void awaitArmedCanBeInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> time.awaitArmed(1, LIMIT)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void contextIsOneRootThatTellsWhoListens() {
    assertThat(time.context()).isSameAs(time.context());
    try (CancellableContext ctx = time.context().withCancel()) {
      ctx.onDone(() -> {});
      assertThat(time.context().listening()).containsExactly((Context) ctx);
    }
    assertThat(time.context().listening()).isEmpty();
  }
}
