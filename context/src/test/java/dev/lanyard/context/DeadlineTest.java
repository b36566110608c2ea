package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section C: deadlines and timeouts. */
class DeadlineTest {
  private static final Key<Integer> NUMBER = Key.of("number");

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static Stream<Duration> nothingLeft() {
    return Stream.of(
        Duration.ZERO,
        Duration.ofNanos(-1),
        seconds(-1),
        seconds(-1_000_000_000),
        seconds(Long.MIN_VALUE));
  }

  private static Stream<Duration> huge() {
    return Stream.of(
        Duration.ofNanos(Long.MAX_VALUE),
        Duration.ofDays(365 * 292),
        seconds(Long.MAX_VALUE),
        Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("row 29: at its deadline a context ends, with what is derived from it")
  void endsAtItsDeadline(Attention attention) {
    Context timed = attention.on(root.withTimeout(seconds(5)));
    Context value = timed.withValue(NUMBER, 1);
    Context longer = attention.on(value.withTimeout(seconds(60)));

    clock.advance(seconds(5).minusNanos(1));
    assertThat(timed.err()).isNull();
    assertThat(longer.err()).isNull();

    clock.advance(Duration.ofNanos(1));
    for (Context each : List.of(timed, value, longer)) {
      assertThat(each.err()).isInstanceOf(DeadlineExceededException.class);
      assertThat(each.cause()).isSameAs(each.err());
      assertThat(each.done().toCompletableFuture()).isCompleted();
      assertThat(each.remaining()).isEqualTo(Duration.ZERO);
    }
    assertThat(clock.armed()).isZero();
    assertThat(root.listening()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("nothingLeft")
  @DisplayName("rows 30, 31: with nothing left a child is born done, without a timer or a place")
  void bornDone(Duration timeout) {
    CancellableContext parent = root.withCancel();

    CancellableContext child = parent.withTimeout(timeout);
    assertThat(child.isDone()).isTrue();
    assertThat(child.err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(parent.withTimeout(timeout).done().toCompletableFuture()).isCompleted();
    List<String> told = new ArrayList<>();
    assertThat(parent.withTimeout(timeout).onDone(() -> told.add("told")).stop()).isFalse();
    assertThat(told).hasSize(1);

    assertThat(clock.armed()).isZero();
    assertThat(root.listening()).isEmpty();
    assertThat(parent.isDone()).isFalse();
  }

  @Test
  @DisplayName("row 30: also at an instant that has passed, or is now")
  void bornDoneAtInstant() {
    assertThat(root.withDeadline(HandClock.NEW_YEAR).err())
        .isInstanceOf(DeadlineExceededException.class);
    assertThat(root.withDeadline(Instant.MIN).err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(root.withDeadline(HandClock.NEW_YEAR.plusNanos(1)).err()).isNull();
    assertThat(root.withDeadline(Deadline.after(Duration.ZERO, clock)).isDone()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("row 32: a cancel after the deadline changes nothing")
  void cancelAfterDeadline(Attention attention) {
    var slow = new Exception("slow");
    CancellableContext timed = attention.on(root.withTimeout(seconds(1), slow));
    clock.advance(seconds(2));

    timed.cancel(new Exception("too late"));

    assertThat(timed.err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(timed.cause()).isSameAs(slow);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("row 33: a cancel before the deadline counts, without the timeout's cause")
  void cancelBeforeDeadline(Attention attention) {
    CancellableContext timed = attention.on(root.withTimeout(seconds(5), new Exception("slow")));

    timed.cancel();

    assertThat(clock.armed()).isZero();
    clock.advance(seconds(6));
    assertThat(timed.err()).isInstanceOf(CancelledException.class);
    assertThat(timed.cause()).isSameAs(timed.err());
  }

  @Test
  @DisplayName("row 34: the earlier deadline counts, the parent's or one's own")
  void earlierDeadlineCounts() {
    CancellableContext parent = root.withTimeout(seconds(5));
    CancellableContext strict = parent.withTimeout(seconds(2));
    CancellableContext generous = parent.withTimeout(seconds(60));

    assertThat(strict.deadline().remaining()).isEqualTo(seconds(2));
    assertThat(generous.deadline()).isEqualTo(parent.deadline());
    assertThat(generous.withCancel().withTimeout(seconds(3)).remaining()).isEqualTo(seconds(3));
    assertThat(strict.withTimeout(seconds(3)).deadline()).isEqualTo(strict.deadline());
  }

  @Test
  @DisplayName("row 34: that of a second parent counts too")
  void deadlineOfSecondParent() {
    CancellableContext strict = root.withTimeout(seconds(2));
    CancellableContext generous = root.withTimeout(seconds(60));
    assertThat(generous.linkedTo(strict).deadline()).isEqualTo(strict.deadline());
    assertThat(strict.linkedTo(generous).deadline()).isEqualTo(strict.deadline());
    assertThat(root.linkedTo(strict).withCancel().remaining()).isEqualTo(seconds(2));
    assertThat(generous.linkedTo(root).deadline()).isEqualTo(generous.deadline());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("rows 35, 36: a later or an equal deadline has no timer of its own")
  void laterDeadlineHasNoTimer(Attention attention) {
    CancellableContext parent = root.withTimeout(seconds(5));
    parent.onDone(() -> {});
    Context later = attention.on(parent.withTimeout(seconds(6)));
    Context equal = attention.on(parent.withDeadline(parent.deadline()));
    assertThat(clock.armed()).isOne();

    clock.advance(seconds(5));
    assertThat(later.err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(equal.err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(clock.armed()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("row 37: the cause of a later deadline does not show, that of the parent's does")
  void causeOfLaterDeadline(Attention attention) {
    var parentSlow = new Exception("parent slow");
    CancellableContext parent = root.withTimeout(seconds(5), parentSlow);
    Context later = attention.on(parent.withTimeout(seconds(6), new Exception("child slow")));

    clock.advance(seconds(10));

    assertThat(later.err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(later.cause()).isSameAs(parentSlow);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("row 37: that of an earlier one does, however late anybody looks")
  void causeOfEarlierDeadline(Attention attention) {
    var childSlow = new Exception("child slow");
    CancellableContext parent = root.withTimeout(seconds(5), new Exception("parent slow"));
    Context earlier = attention.on(parent.withTimeout(seconds(4), childSlow));

    clock.advance(seconds(10));

    assertThat(parent.isDone()).isTrue();
    assertThat(earlier.cause()).isSameAs(childSlow);
  }

  @Test
  @DisplayName("row 38: the deadline passes through cancel and value nodes; withoutCancel drops it")
  void deadlineIsInherited() {
    CancellableContext timed = root.withTimeout(seconds(5));
    Context below = timed.withCancel().withValue(NUMBER, 1).withCancel().withValue(NUMBER, 2);
    assertThat(below.deadline()).isEqualTo(timed.deadline());
    assertThat(below.withoutCancel().deadline()).isSameAs(Deadline.NONE);
    assertThat(below.withoutCancel().withCancel().deadline()).isSameAs(Deadline.NONE);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("row 39: a jump of the wall clock moves no deadline")
  void wallClockJumps(Attention attention) {
    Context byTimeout = attention.on(root.withTimeout(seconds(5)));
    Context byInstant = attention.on(root.withDeadline(HandClock.NEW_YEAR.plusSeconds(5)));

    clock.setWall(HandClock.NEW_YEAR.plus(Duration.ofDays(400)));
    assertThat(byTimeout.isDone() || byInstant.isDone()).isFalse();
    clock.setWall(Instant.EPOCH);
    clock.advance(seconds(5).minusNanos(1));
    assertThat(byTimeout.isDone() || byInstant.isDone()).isFalse();
    clock.advance(Duration.ofNanos(1));
    assertThat(byTimeout.isDone() && byInstant.isDone()).isTrue();
  }

  @Test
  @DisplayName("row 40: a timeout is a deadline counted from the creation")
  void timeoutIsDeadline() {
    CancellableContext early = root.withTimeout(seconds(5));
    clock.advance(seconds(2));
    CancellableContext late = root.withTimeout(seconds(3));

    assertThat(early.deadline()).isEqualTo(late.deadline());
    assertThat(root.withDeadline(Deadline.after(seconds(3), clock)).deadline())
        .isEqualTo(late.deadline());
    assertThat(root.withDeadline(HandClock.NEW_YEAR.plusSeconds(5)).deadline())
        .isEqualTo(late.deadline());
    assertThat(early.deadline().instant()).isEqualTo(HandClock.NEW_YEAR.plusSeconds(5));
  }

  @ParameterizedTest
  @MethodSource("huge")
  @DisplayName("row 41: a huge timeout does not overflow")
  void hugeTimeout(Duration huge) {
    CancellableContext timed = root.withTimeout(huge);
    assertThat(timed.err()).isNull();
    assertThat(timed.remaining()).isGreaterThan(Duration.ofDays(365 * 70));
    assertThat(timed.deadline().instant())
        .isAfter(HandClock.NEW_YEAR.plus(Duration.ofDays(365 * 70)));

    timed.onDone(() -> {});
    Context strict = timed.withTimeout(seconds(1));
    strict.onDone(() -> {});
    clock.advance(seconds(1));
    assertThat(strict.isDone()).isTrue();
    assertThat(timed.isDone()).isFalse();
    assertThat(root.withDeadline(Instant.MAX).isDone()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("nothingLeft")
  @DisplayName("row 42: a cancelled parent wins over a deadline that was past at the creation")
  void cancelledParentWins(Duration timeout) {
    CancellableContext parent = root.withCancel();
    parent.withTimeout(seconds(9)).isDone(); // so that the parent notes when it ended
    parent.cancel();
    clock.advance(seconds(2));

    CancellableContext child = parent.withTimeout(timeout);

    assertThat(child.err()).isInstanceOf(CancelledException.class);
    assertThat(parent.withDeadline(Instant.EPOCH).err()).isInstanceOf(CancelledException.class);
  }

  @Test
  @DisplayName("row 43: a parent cancelled while a timed child is made leaves no timer")
  void noTimerIsLeft() {
    int rounds = 20_000;
    List<CancellableContext> parents = new ArrayList<>();
    for (int i = 0; i < rounds; i++) parents.add(root.withCancel());
    Together.race(
        rounds,
        i -> parents.get(i).cancel(),
        i -> {
          CancellableContext child = parents.get(i).withTimeout(Duration.ofHours(1));
          Attention.number(i).on(child);
        });
    assertThat(clock.armed()).isZero();
    assertThat(root.listening()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"NOBODY", "POLLED_ONCE", "LISTENED_TO_NO_LONGER"})
  @DisplayName("row 44: a poll sees the deadline at once, though no timer has rung")
  void pollLooksAtTheClock(Attention attention) {
    Context timed = attention.on(root.withTimeout(seconds(5)));
    Context below = timed.withValue(NUMBER, 1).withCancel();

    clock.advanceWithoutRinging(seconds(5));

    assertThat(below.err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(below.isDone()).isTrue();
    assertThat(timed.done().toCompletableFuture()).isCompleted();
  }

  @Test
  @DisplayName("row 44: a timer rings on time while the common pool and all carriers are busy")
  void timerIsOnTime() throws InterruptedException {
    var release = new CountDownLatch(1);
    int busy = 2 * Runtime.getRuntime().availableProcessors() + 2;
    Runnable spin =
        () -> {
          while (release.getCount() > 0) Thread.onSpinWait();
        };
    for (int i = 0; i < busy; i++) {
      ForkJoinPool.commonPool().execute(spin);
      Thread.startVirtualThread(spin);
    }
    try {
      CancellableContext timed = Context.background().withTimeout(Duration.ofMillis(50));
      var rung = new CountDownLatch(1);
      timed.onDone(rung::countDown);
      Together.await(rung);
      assertThat(timed.deadline().remaining()).isBetween(seconds(-10), Duration.ZERO);
    } finally {
      release.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  @DisplayName("rows 45, 46: layers in any mixture end together, and keep their values")
  void layers(long seed) {
    for (boolean byTimeout : new boolean[] {false, true}) {
      var random = new Random(seed);
      int layers = 30 + random.nextInt(30);
      List<Context> all = new ArrayList<>();
      List<Key<Integer>> keys = new ArrayList<>();
      CancellableContext top =
          byTimeout ? root.withTimeout(seconds(1)) : root.withTimeout(seconds(1000));
      Context last = top;
      for (int i = 0; i < layers; i++) {
        switch (random.nextInt(4)) {
          case 0 -> last = last.withCancel();
          case 1 -> last = last.withTimeout(seconds(100 + random.nextInt(100)));
          case 2 -> last = last.linkedTo(root.withCancel());
          default -> {
            Key<Integer> key = Key.of("key " + i);
            last = last.withValue(key, keys.size());
            keys.add(key);
          }
        }
        all.add(Attention.number(random.nextInt(100)).on(last));
      }
      assertThat(all).noneMatch(Context::isDone);
      assertThat(last.deadline()).isEqualTo(top.deadline().earlierOf(last.deadline()));

      if (byTimeout) clock.advance(seconds(1));
      else top.cancel();

      assertThat(all).allMatch(Context::isDone);
      assertThat(all).extracting(Context::err).containsOnly(top.err());
      assertThat(top.err() instanceof DeadlineExceededException).isEqualTo(byTimeout);
      for (int i = 0; i < keys.size(); i++) assertThat(last.value(keys.get(i))).isEqualTo(i);
      assertThat(clock.armed()).isZero();
      assertThat(root.listening()).isEmpty();
    }
  }

  @Test
  @DisplayName("row 46: values are readable after the end")
  void valuesOutliveTheEnd() {
    CancellableContext timed = root.withValue(NUMBER, 7).withTimeout(seconds(1));
    clock.advance(seconds(1));
    assertThatExceptionOfType(DeadlineExceededException.class).isThrownBy(timed::throwIfDone);
    assertThat(timed.value(NUMBER)).isEqualTo(7);
    assertThat(timed.withValue(Key.of("other"), "x").value(NUMBER)).isEqualTo(7);
  }
}
