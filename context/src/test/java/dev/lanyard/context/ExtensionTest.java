package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The owner of a context moves its deadline later: when that is granted, and what follows. */
class ExtensionTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);
  private final AtomicInteger told = new AtomicInteger();

  private Deadline in(int hours) {
    return Deadline.after(HOUR.multipliedBy(hours), clock);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("an extension that is granted stands, and the context ends at the new deadline")
  void granted(Attention attention) {
    CancellableContext timed = attention.on(root.withTimeout(HOUR));
    Deadline later = in(2);

    assertThat(timed.extendTo(later)).isTrue();

    assertThat(timed.deadline()).isEqualTo(later);
    clock.advance(HOUR.multipliedBy(2).minusNanos(1));
    assertThat(timed.isDone()).isFalse();
    clock.advance(Duration.ofNanos(1));
    assertThat(timed.err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(clock.armed()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a context that is done, has no deadline or has a later one refuses")
  void refused(Attention attention) {
    CancellableContext cancelled = attention.on(root.withTimeout(HOUR));
    cancelled.cancel();
    CancellableContext untimed = attention.on(root.withCancel());
    CancellableContext timed = attention.on(root.withTimeout(HOUR));
    Deadline own = timed.deadline();

    assertThat(cancelled.extendTo(in(2))).isFalse();
    assertThat(untimed.extendTo(in(2))).isFalse();
    assertThat(timed.extendTo(own)).isFalse();
    assertThat(timed.extendTo(in(0))).isFalse();

    assertThat(untimed.deadline()).isSameAs(Deadline.NONE);
    assertThat(timed.deadline()).isEqualTo(own);
    clock.advance(HOUR);
    assertThat(timed.isDone()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("past its deadline a context refuses, though its timer has not rung yet")
  void refusedTooLate(Attention attention) {
    CancellableContext timed = attention.on(root.withTimeout(HOUR));
    clock.advanceWithoutRinging(HOUR);

    assertThat(timed.extendTo(in(1))).isFalse();

    clock.advance(Duration.ZERO);
    assertThat(timed.err()).isInstanceOf(DeadlineExceededException.class);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("an extension goes as far as the deadline above, and not further")
  void boundedFromAbove(Attention attention) {
    CancellableContext parent = root.withTimeout(HOUR.multipliedBy(2));
    CancellableContext timed = attention.on(parent.withCancel().withTimeout(HOUR));

    assertThat(timed.extendTo(in(3))).isFalse();
    assertThat(timed.deadline()).isEqualTo(in(1));
    assertThat(timed.extendTo(parent.deadline())).isTrue();
    assertThat(timed.deadline()).isEqualTo(parent.deadline());
  }

  @ParameterizedTest
  @EnumSource(names = {"NOBODY", "POLLED_ONCE", "LISTENED_TO_NO_LONGER"})
  @DisplayName("an extension of a context that nobody listens to sets no timer")
  void setsNoTimer(Attention attention) {
    CancellableContext timed = attention.on(root.withTimeout(HOUR));
    assertThat(timed.extendTo(in(2))).isTrue();
    assertThat(clock.armed()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"POLLED_IN_A_LOOP", "LISTENED_TO", "AWAITED_BY_STAGE"})
  @DisplayName("after an extension the timer rings at the new deadline only")
  void ringsOnce(Attention attention) {
    CancellableContext timed = attention.on(root.withTimeout(HOUR));
    assertThat(timed.extendTo(in(2))).isTrue();
    assertThat(clock.armed()).isOne();

    clock.observe(told::incrementAndGet, told::incrementAndGet);
    clock.advance(HOUR);

    assertThat(told).as("timers set or stopped at the old deadline").hasValue(0);
  }

  @Test
  @DisplayName("a stricter deadline below stays, and one that was later counts again")
  void deadlinesBelow() {
    CancellableContext parent = root.withTimeout(HOUR.multipliedBy(2));
    CancellableContext strict = parent.withTimeout(HOUR);
    CancellableContext generous = parent.withTimeout(HOUR.multipliedBy(3));
    List<CancellableContext> below = List.of(strict, generous);
    assertThat(generous.deadline()).isEqualTo(parent.deadline());

    assertThat(parent.extendTo(in(4))).isTrue();

    assertThat(below).extracting(Context::deadline).containsExactly(in(1), in(3));
  }

  @Test
  @DisplayName("an extension on the second side brings out the later deadline of that side")
  void onSecondSide() {
    CancellableContext top = root.withTimeout(HOUR);
    CancellableContext second = top.withTimeout(HOUR.multipliedBy(2));
    CancellableContext linked = root.withCancel().linkedTo(second);
    assertThat(linked.deadline()).isEqualTo(top.deadline());

    assertThat(top.extendTo(in(3))).isTrue();

    assertThat(linked.deadline()).isEqualTo(second.deadline());
  }
}
