package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contexts with two owners each, in numbers at which recursion or a walk by every way must fail.
 */
class ManyOwnersTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int DEEP = 100_000;

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);
  private final AtomicInteger told = new AtomicInteger();

  private Deadline in(Duration duration) {
    return Deadline.after(duration, clock);
  }

  /** Of which the first or the second owner is the one before. */
  private CancellableContext nested(CancellableContext top, boolean second) {
    CancellableContext context = top;
    for (int i = 0; i < DEEP; i++) {
      context = second ? root.linkedTo(context) : context.linkedTo(root.withCancel());
    }
    return context;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("100,000 nested: the deadline is that of the topmost, also after an extension")
  void deadlineOfNested(boolean second) {
    CancellableContext top = root.withTimeout(HOUR);
    CancellableContext leaf = nested(top, second);
    assertThat(leaf.deadline()).isEqualTo(top.deadline());

    assertThat(top.extendTo(in(HOUR.multipliedBy(3)))).isTrue();

    assertThat(leaf.deadline()).isEqualTo(in(HOUR.multipliedBy(3)));
    assertThat(leaf.withTimeout(HOUR.multipliedBy(2)).deadline())
        .isEqualTo(in(HOUR.multipliedBy(2)));
    assertThat(leaf.withTimeout(HOUR.multipliedBy(4)).deadline()).isEqualTo(top.deadline());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("100,000 nested, each with a deadline of its own, and one of them extended")
  void deadlineOfNestedWithDeadlines(boolean second) {
    CancellableContext top = root.withTimeout(HOUR);
    CancellableContext context = top;
    for (int i = 0; i < DEEP; i++) {
      CancellableContext timed = root.withTimeout(HOUR.plusNanos(DEEP - i));
      context = second ? timed.linkedTo(context) : context.linkedTo(timed);
    }
    assertThat(context.deadline()).isEqualTo(top.deadline());

    assertThat(top.extendTo(in(HOUR.multipliedBy(3)))).isTrue();

    assertThat(context.deadline()).isEqualTo(in(HOUR.plusNanos(1)));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("100,000 nested: the end of the topmost reaches the last, whoever cares for it")
  void endOfNested(Attention attention) {
    CancellableContext top = root.withTimeout(HOUR);
    CancellableContext leaf = attention.on(nested(top, true));

    clock.advance(HOUR);

    assertThat(leaf.err()).isSameAs(top.err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(clock.armed()).isZero();
    assertThat(root.listening()).isEmpty();
  }

  /** By each of the owners, and by 2 to the power of 60 ways, one context. */
  private static CancellableContext diamond(CancellableContext top) {
    CancellableContext context = top;
    for (int i = 0; i < 60; i++) context = context.linkedTo(context);
    return context;
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a diamond of 60 layers is cancelled in bounded time, and each listener called once")
  void cancelOfDiamond(Attention attention) {
    CancellableContext top = root.withCancel();
    CancellableContext leaf = attention.on(diamond(top));
    leaf.onDone(told::incrementAndGet);
    leaf.onDone(told::incrementAndGet).stop();

    top.cancel();

    assertThat(told).hasValue(1);
    assertThat(leaf.err()).isSameAs(top.err());
    assertThat(root.listening()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a diamond that nobody listens to learns of an end in bounded time")
  void pollOfDiamond(Attention attention) {
    CancellableContext top = root.withTimeout(HOUR);
    CancellableContext leaf = attention.on(diamond(top));
    assertThat(leaf.isDone()).isFalse();

    clock.advance(HOUR);

    assertThat(leaf.err()).isSameAs(top.err()).isInstanceOf(DeadlineExceededException.class);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a diamond has a deadline, and passes an extension on, in bounded time")
  void deadlineOfDiamond(Attention attention) {
    CancellableContext top = root.withTimeout(HOUR);
    CancellableContext leaf = attention.on(diamond(top));
    CancellableContext timed = leaf.withTimeout(HOUR.multipliedBy(2));
    timed.onDone(told::incrementAndGet);
    assertThat(leaf.deadline()).isEqualTo(top.deadline());
    assertThat(timed.deadline()).isEqualTo(top.deadline());

    assertThat(top.extendTo(in(HOUR.multipliedBy(3)))).isTrue();

    assertThat(leaf.deadline()).isEqualTo(in(HOUR.multipliedBy(3)));
    assertThat(timed.deadline()).isEqualTo(in(HOUR.multipliedBy(2)));
    clock.advance(HOUR.multipliedBy(2));
    assertThat(told).hasValue(1);
    assertThat(leaf.isDone()).isFalse();
  }
}
