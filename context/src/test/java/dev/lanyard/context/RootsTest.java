package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Section A: roots, and what holds for every context. */
class RootsTest {
  private static final Key<String> NAME = Key.of("name");

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);

  static Stream<Context> roots() {
    return Stream.of(Context.background(), Context.todo(), Context.root(new HandClock()));
  }

  @ParameterizedTest
  @MethodSource("roots")
  @DisplayName("row 1: a root is never done and has neither deadline nor values")
  void rootHasNothing(Context root) {
    assertThat(root.isDone()).isFalse();
    assertThat(root.err()).isNull();
    assertThat(root.cause()).isNull();
    assertThat(root.deadline()).isSameAs(Deadline.NONE);
    assertThat(root.remaining()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    assertThat(root.value(NAME)).isNull();
    assertThat(root.done().toCompletableFuture()).isNotDone();
    root.throwIfDone();
  }

  @Test
  @DisplayName("row 3: background and todo differ in name only")
  void rootsDifferInNameOnly() {
    assertThat(Context.background()).isNotSameAs(Context.todo());
    assertThat(Context.background().toString()).isNotEqualTo(Context.todo().toString());
    assertThat(Context.background().withCancel().isDone())
        .isEqualTo(Context.todo().withCancel().isDone());
  }

  @ParameterizedTest
  @MethodSource("roots")
  @DisplayName("row 4: a context that nothing can end says so, and so do values on top of it")
  void tellsWhetherItCanEnd(Context root) {
    CancellableContext scope = root.withCancel();

    assertThat(root.isCancellable()).isFalse();
    assertThat(root.withValue(NAME, "x").isCancellable()).isFalse();
    assertThat(scope.withoutCancel().isCancellable()).isFalse();
    assertThat(scope.withoutCancel().withValue(NAME, "x").isCancellable()).isFalse();

    assertThat(scope.isCancellable()).isTrue();
    assertThat(scope.withValue(NAME, "x").isCancellable()).isTrue();
    assertThat(root.withTimeout(Duration.ofHours(1)).isCancellable()).isTrue();
    assertThat(root.linkedTo(scope).isCancellable()).isTrue();
  }

  @Test
  @DisplayName("row 5: asking twice gives the same, before and after the end")
  void asksGiveTheSame() {
    CancellableContext scope = root.withTimeout(Duration.ofSeconds(1));
    Context context = scope.withValue(NAME, "x");
    var done = context.done();

    assertThat(context.done() == done).isTrue();
    assertThat(context.deadline()).isEqualTo(context.deadline());
    assertThat(context.value(NAME)).isSameAs(context.value(NAME));

    scope.cancel(new Exception("why"));
    assertThat(context.done() == done).isTrue();
    assertThat(context.err()).isSameAs(context.err()).isNotNull();
    assertThat(context.cause()).isSameAs(context.cause());
  }

  @Test
  @DisplayName("row 5: also where nobody asked for the stage while the context was live")
  void stageAfterTheEndIsOneStage() {
    CancellableContext scope = root.withCancel();
    scope.cancel();
    assertThat(scope.done() == scope.done()).isTrue();
    assertThat(scope.done().toCompletableFuture()).isCompleted();
  }

  @Test
  @DisplayName("row 6: err and isDone never disagree, in whichever order they are read")
  void errAndIsDoneAgree() {
    int rounds = 5_000;
    List<CancellableContext> scopes = new ArrayList<>();
    List<Context> asked = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      CancellableContext scope = root.withCancel();
      Context below = scope.withCancel().withValue(NAME, "x");
      scopes.add(scope);
      asked.add(Attention.number(i).on(below));
    }
    Together.race(
        rounds,
        i -> scopes.get(i).cancel(),
        i -> {
          Context context = asked.get(i);
          boolean ended = false;
          while (!ended) {
            ContextException err = context.err();
            boolean done = context.isDone();
            assertThat(err != null && !done).as("err without done").isFalse();
            done = context.isDone();
            err = context.err();
            assertThat(done && err == null).as("done without err").isFalse();
            assertThat(done && context.cause() == null).as("done without cause").isFalse();
            ended = done;
            if (!ended) Thread.onSpinWait();
          }
        });
  }

  @Test
  @DisplayName("row 6: whoever is told by the stage finds err and cause set")
  void stageComesWithErr() {
    CancellableContext scope = root.withCancel();
    Context below = scope.withTimeout(Duration.ofHours(1));
    var seen = new AtomicReference<@Nullable Throwable>();
    var dependent = below.done().thenRun(() -> seen.set(below.cause()));

    var why = new Exception("why");
    scope.cancel(why);

    assertThat(seen).hasValue(why);
    assertThat(dependent.toCompletableFuture()).isCompleted();
    assertThat(below.done().toCompletableFuture()).isCompleted();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("row 7: the first end stays, whatever comes later")
  void firstEndStays(Attention attention) {
    CancellableContext parent = root.withTimeout(Duration.ofSeconds(5));
    CancellableContext child = attention.on(parent.withTimeout(Duration.ofSeconds(2)));
    var first = new Exception("first");
    child.cancel(first);
    ContextException err = child.err();

    child.cancel(new Exception("second"));
    clock.advance(Duration.ofSeconds(3));
    parent.cancel(new Exception("third"));

    assertThat(child.err()).isSameAs(err).isInstanceOf(CancelledException.class);
    assertThat(child.cause()).isSameAs(first);
  }

  @Test
  @DisplayName("row 8: err is one of two kinds, whatever the cause is")
  void errIsOneOfTwoKinds() {
    CancellableContext cancelled = root.withCancel();
    cancelled.cancel(new java.io.IOException("broken pipe"));
    assertThat(cancelled.err())
        .isExactlyInstanceOf(CancelledException.class)
        .hasMessage("context canceled");

    Context late = root.withTimeout(Duration.ZERO, new java.io.IOException("too slow"));
    assertThat(late.err())
        .isExactlyInstanceOf(DeadlineExceededException.class)
        .hasMessage("context deadline exceeded");
  }

  @Test
  @DisplayName("row 9: every method may be called from any thread at any time")
  void everyMethodFromAnyThread() {
    CancellableContext scope = Context.background().withTimeout(Duration.ofMillis(20));
    Runnable use =
        () -> {
          while (!scope.isDone()) {
            scope.value(NAME);
            scope.deadline().remaining();
            scope.withValue(NAME, "x").withCancel().cancel();
            scope.onDone(() -> {}).stop();
            scope.withTimeout(Duration.ofMillis(1)).err();
            scope.done();
            assertThat(scope.toString()).startsWith("context.Background.WithDeadline(");
          }
          assertThat(scope.err()).isInstanceOf(DeadlineExceededException.class);
        };
    Together.run(List.of(use, use, use, use));
  }

  @Test
  @DisplayName("row 10: an exceeded deadline is a timeout, a cancellation is not")
  void onlyDeadlineIsTimeout() {
    Context late = root.withTimeout(Duration.ZERO);
    CancellableContext cancelled = root.withCancel();
    cancelled.cancel();

    assertThatExceptionOfType(DeadlineExceededException.class)
        .isThrownBy(late::throwIfDone)
        .withMessage("context deadline exceeded")
        .satisfies(thrown -> assertThat(thrown.isTimeout()).isTrue());
    assertThatExceptionOfType(CancelledException.class)
        .isThrownBy(cancelled::throwIfDone)
        .withMessage("context canceled")
        .satisfies(thrown -> assertThat(thrown.isTimeout()).isFalse());
  }

  @Test
  @DisplayName("row 11: deriving leaves the parent as it was")
  void derivingLeavesParentAlone() {
    CancellableContext parent = root.withTimeout(Duration.ofSeconds(9));
    Deadline deadline = parent.deadline();
    String printed = parent.toString();

    Context value = parent.withValue(NAME, "x");
    CancellableContext strict = parent.withTimeout(Duration.ofSeconds(1), new Exception("strict"));
    strict.onDone(() -> {});
    parent.linkedTo(root.withCancel()).cancel();
    clock.advance(Duration.ofSeconds(2));

    assertThat(strict.isDone()).isTrue();
    assertThat(value.value(NAME)).isEqualTo("x");
    assertThat(parent.value(NAME)).isNull();
    assertThat(parent.err()).isNull();
    assertThat(parent.deadline()).isEqualTo(deadline);
    assertThat(parent.toString()).isEqualTo(printed.replace("[9s]", "[7s]"));
  }

  @Test
  @DisplayName("row 11: nothing that a holder does to the stage ends the context")
  void stageCannotEndContext() throws Exception {
    CancellableContext scope = root.withCancel();
    CompletableFuture<Void> copy = scope.done().toCompletableFuture();
    copy.complete(null);
    copy.get(1, TimeUnit.SECONDS);

    assertThat(scope.isDone()).isFalse();
    assertThat(scope.done().toCompletableFuture()).isNotDone();
  }
}
