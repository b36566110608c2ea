package dev.lanyard.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One test for each hole that the tree once had. */
class TreeRegressionTest {
  /** So many scopes in a row may be without a place; the next but one above has a watch. */
  private static final int ROW = 64;

  private final HandMovedTime time = new HandMovedTime();

  @Test
  void deadlineThatPassedUnobservedIsSeenByAChildAtAnyDepth() {
    for (int depth = 1; depth <= 2 * ROW; depth++) {
      Context above = Context.root(time).withCancel();
      for (int i = 1; i < depth; i++) above = above.withCancel();
      assertThat(above.withTimeout(Duration.ZERO).withCancel().isDone())
          .as("row " + depth)
          .isTrue();
    }
  }

  @Test
  void lateRingAfterAnExtensionArmsNothingForAScopeThatNobodyListensTo() {
    var alarms = new ArrayList<Runnable>();
    var armed = new ArrayList<Runnable>();
    var source =
        new TimeSource() {
          @Override
          public long nanoTime() {
            return 0;
          }

          @Override
          public Instant instant() {
            return Instant.EPOCH;
          }

          @Override
          public Registration schedule(long nanoTime, Runnable action) {
            alarms.add(action);
            armed.add(action);
            return () -> armed.remove(action);
          }
        };
    CancellableContext ctx = Context.root(source).withTimeout(Duration.ofSeconds(1));
    Registration registration = ctx.onDone(() -> {});
    ctx.extendTo(Deadline.after(Duration.ofSeconds(2), source));
    registration.stop();
    alarms.getFirst().run();
    assertThat(armed).isEmpty();
  }

  @Test
  void extensionToNoDeadlineNeverRings() {
    CancellableContext ctx = Context.root(time).withTimeout(Duration.ofSeconds(1));
    Registration registration = ctx.onDone(() -> {});
    time.moveTo(1);
    assertThat(ctx.extendTo(Deadline.NONE)).isTrue();
    assertThat(time.overdue()).as("alarms that ring at once, and again, and again").isZero();
    time.moveTo(Duration.ofDays(10_000).toNanos());
    assertThat(ctx.isDone()).isFalse();
    assertThat(registration.stop()).isTrue();
  }

  @Test
  void deadlineOnAClockThatStandsDoesNotReplaceTheTimerOfOneThatMoves() {
    CancellableContext onAnotherClock =
        Context.root(new HandMovedTime()).withTimeout(Duration.ofSeconds(1));
    Context ctx =
        Context.root(time).withCancel().linkedTo(onAnotherClock).withTimeout(Duration.ofSeconds(2));
    var _ = ctx.onDone(() -> {});
    time.moveTo(Duration.ofSeconds(2).toNanos());
    assertThat(ctx.isDone()).isTrue();
  }

  @Test
  void longChainOfSecondOwnersOverflowsNoStack() {
    CancellableContext top = Context.root(time).withCancel();
    CancellableContext first = Context.root(time).withTimeout(Duration.ofHours(1));
    CancellableContext ctx = first;
    for (int i = 0; i < 100_000; i++) ctx = top.linkedTo(ctx);
    assertThat(ctx.isDone()).isFalse();
    assertThat(ctx.deadline().isNone()).isFalse();
    assertThat(ctx.toString()).isNotEmpty();
    Registration registration = ctx.onDone(() -> {});
    assertThat(registration.stop()).isTrue();
    first.cancel();
    assertThat(ctx.isDone()).isTrue();
  }

  @Test
  void longChainOfSecondOwnersOverAnExtendedDeadlineOverflowsNoStack() {
    CancellableContext top = Context.root(time).withCancel();
    CancellableContext first = Context.root(time).withTimeout(Duration.ofHours(1));
    CancellableContext ctx = first;
    for (int i = 0; i < 100_000; i++) ctx = top.linkedTo(ctx);
    assertThat(first.extendTo(Deadline.after(Duration.ofHours(2), time))).isTrue();
    assertThat(ctx.deadline()).isEqualTo(first.deadline());
    CancellableContext below = ctx.withTimeout(Duration.ofMinutes(90));
    var _ = below.onDone(() -> {});
    time.moveTo(Duration.ofMinutes(90).toNanos());
    assertThat(isTimeout(below)).isTrue();
    assertThat(ctx.isDone()).isFalse();
  }

  @Test
  void ladderOfDoubleOwnersTakesNoExponentialTime() {
    CancellableContext top = Context.root(time).withTimeout(Duration.ofHours(1));
    CancellableContext ctx = top;
    for (int i = 0; i < 200; i++) ctx = ctx.linkedTo(ctx);
    CancellableContext bottom = ctx.withTimeout(Duration.ofHours(2));
    var _ = bottom.onDone(() -> {});
    assertThat(bottom.deadline()).isEqualTo(top.deadline());
    top.cancel();
    assertThat(bottom.isDone()).isTrue();
  }

  @Test
  void polledAndForgottenContextWithTwoOwnersIsCollected() {
    CancellableContext one = Context.root(time).withCancel();
    CancellableContext other = Context.root(time).withCancel();
    WeakReference<Context> forgotten = new WeakReference<>(polled(one.linkedTo(other)));
    AfterCollection.holds(() -> "it is collected", () -> forgotten.refersTo(null));
  }

  @Test
  void listenerTakesAwayWhatPolledAndForgottenContextsHaveLeft() {
    CancellableContext parent = Context.root(time).withCancel();
    for (int i = 0; i < 1_000; i++) polled(parent.withTimeout(Duration.ofHours(1)));
    assertThat(time.armed()).as("alarms of those that were polled").isPositive();
    // Nobody polls again: the listeners that come and go do it.
    AfterCollection.holds(
        () -> "no alarm is left, and there are " + time.armed(),
        () -> {
          parent.onDone(() -> {}).stop();
          return time.armed() == 0;
        });
  }

  @CanIgnoreReturnValue
  private static Context polled(Context ctx) {
    for (int i = 0; i < 100; i++) assertThat(ctx.isDone()).isFalse();
    return ctx;
  }

  /** The last listener goes at the same moment as the end comes, at each place in a row. */
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void lastListenerLeavesAFullRowWhileTheOwnerEnds() throws Exception {
    for (int i = 0; i < 3_000 * Length.FACTOR; i++) {
      CancellableContext top = Context.root(time).withCancel();
      Context owner = top;
      for (int row = 2; row < ROW; row++) owner = owner.withCancel();
      Context full = owner.withCancel();
      var told = new CountDownLatch(2);
      // Two neighbours, so that one stands behind the scope that leaves.
      var _ = owner.withCancel().onDone(told::countDown);
      Registration last = full.onDone(() -> {});
      var _ = owner.withCancel().onDone(told::countDown);
      var start = new CyclicBarrier(2);
      Thread leaves = Thread.ofPlatform().daemon().start(() -> together(start, last::stop));
      Thread ends = Thread.ofPlatform().daemon().start(() -> together(start, top::cancel));
      leaves.join();
      assertThat(ends.join(Duration.ofSeconds(30))).as("cancel returns").isTrue();
      assertThat(told.getCount()).isZero();
      assertThat(full.isDone()).isTrue();
    }
  }

  private static void together(CyclicBarrier start, Runnable action) {
    try {
      start.await();
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
    action.run();
  }

  /** The first of three ends wins for everyone, in whichever order they are asked. */
  @Test
  void unobservedEndsAreTakenInTheOrderInWhichTheyCame() {
    CancellableContext parent = Context.root(time).withCancel();
    List<Context> timed =
        List.of(
            parent.withTimeout(Duration.ofNanos(100)), parent.withTimeout(Duration.ofNanos(300)));
    time.moveTo(200);
    parent.cancel(new Cause("x"));
    time.moveTo(400);
    assertThat(isTimeout(timed.getFirst())).isTrue();
    assertThat(isTimeout(timed.getLast())).isFalse();
  }

  private static @Nullable Boolean isTimeout(Context ctx) {
    var err = ctx.err();
    return err == null ? null : err.isTimeout();
  }
}
