package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The timer of a deadline, on clocks that ring too late, too early or not at all. */
class TimersTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final HandClock clock = new HandClock();
  private final CancellableContext parent = Context.root(clock).withCancel();
  private final AtomicInteger set = new AtomicInteger();

  /** Rings at other moments than it is told to, and also when it was stopped. */
  private final class Careless implements TimeSource {
    private final LongUnaryOperator moment;

    private Careless(LongUnaryOperator moment) {
      this.moment = moment;
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public Instant instant() {
      return clock.instant();
    }

    @Override
    public Registration schedule(long nanoTime, Runnable action) {
      set.incrementAndGet();
      clock.schedule(moment.applyAsLong(nanoTime), action);
      return () -> false;
    }
  }

  @Test
  @DisplayName("one from before an extension that rings late sets none where nobody listens")
  void lateRingUnheard() {
    TimeSource careless = new Careless(moment -> moment);
    CancellableContext timed = Context.root(careless).withTimeout(HOUR);
    Registration registration = timed.onDone(() -> {});
    assertThat(timed.extendTo(Deadline.after(HOUR.multipliedBy(2), careless))).isTrue();
    registration.stop();
    set.set(0);

    clock.advance(HOUR);

    assertThat(set).hasValue(0);
    assertThat(timed.isDone()).isFalse();
  }

  @Test
  @DisplayName("one that rings too early ends nothing and is set again")
  void earlyRing() {
    long early = HOUR.dividedBy(2).toNanos();
    TimeSource careless = new Careless(moment -> set.get() == 1 ? moment - early : moment);
    CancellableContext timed = Context.root(careless).withTimeout(HOUR);
    var told = new AtomicInteger();
    timed.onDone(told::incrementAndGet);

    clock.advance(HOUR.minusNanos(1));
    assertThat(told).hasValue(0);
    clock.advance(Duration.ofNanos(1));
    assertThat(told).hasValue(1);
  }

  private void noTimersToday() {
    clock.observe(
        () -> {
          throw new IllegalStateException("no timers today");
        },
        () -> {});
  }

  @Test
  @DisplayName("where it cannot be set, the context keeps no place and still sees its deadline")
  void cannotBeSet() {
    CancellableContext timed = parent.withTimeout(HOUR);
    noTimersToday();

    assertThatIllegalStateException().isThrownBy(() -> timed.onDone(() -> {}));

    assertThat(((Scope) parent).listeners()).isZero();
    clock.advance(HOUR);
    assertThat(timed.err()).isInstanceOf(DeadlineExceededException.class);
  }

  @Test
  @DisplayName("where it cannot be set for one that is polled in a loop, that keeps no place")
  void cannotBeSetByPolls() {
    CancellableContext timed = parent.withTimeout(HOUR);
    noTimersToday();

    assertThatIllegalStateException().isThrownBy(() -> Attention.pollInALoop(timed));

    assertThat(((Scope) parent).listeners()).isZero();
  }

  @Test
  @DisplayName("where it cannot be stopped, that is reported, and everyone is called")
  void cannotBeStopped() {
    CancellableContext timed = parent.withTimeout(HOUR);
    var told = new AtomicInteger();
    timed.onDone(told::incrementAndGet);
    timed.withCancel().onDone(told::incrementAndGet);
    var broken = new IllegalStateException("this one goes on");
    clock.observe(
        () -> {},
        () -> {
          throw broken;
        });
    var reported = new ArrayList<Throwable>();

    Thread canceller = Thread.ofPlatform().daemon().unstarted(timed::cancel);
    canceller.setUncaughtExceptionHandler((_, thrown) -> reported.add(thrown));
    canceller.start();
    Together.join(canceller);

    assertThat(reported).containsExactly(broken);
    assertThat(told).hasValue(2);
    assertThat(timed.err()).isInstanceOf(CancelledException.class);
  }
}
