package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Section G: the values of a context without its end. */
class WithoutCancelTest {
  private static final Key<Object> NAME = Key.of("name");

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);

  private static void assertNeverEnding(Context context) {
    assertThat(context.deadline()).isSameAs(Deadline.NONE);
    assertThat(context.isCancellable()).isFalse();
    assertThat(context.isDone()).isFalse();
    assertThat(context.err()).isNull();
    assertThat(context.cause()).isNull();
    assertThat(context.done().toCompletableFuture()).isNotDone();
  }

  @Test
  @DisplayName("rows 95, 100: it has no end, whatever happened or happens above")
  void hasNoEnd() {
    CancellableContext parent = root.withTimeout(Duration.ofSeconds(5));
    Context before = parent.withoutCancel();
    var told = before.done().toCompletableFuture();
    parent.cancel(new Exception("why"));
    clock.advance(Duration.ofSeconds(6));
    Context after = parent.withoutCancel();

    assertNeverEnding(before);
    assertNeverEnding(after);
    assertNeverEnding(after.withValue(NAME, "x"));
    assertThat(told).isNotDone();
    assertThat(after.withCancel().isDone()).isFalse();
  }

  @Test
  @DisplayName("row 96: values pass through")
  void valuesPassThrough() {
    CancellableContext parent = root.withValue(NAME, "outer").withCancel();
    Context detached = parent.withoutCancel();
    assertThat(detached.value(NAME)).isEqualTo("outer");
    assertThat(detached.withCancel().value(NAME)).isEqualTo("outer");
    assertThat(detached.withValue(NAME, "inner").value(NAME)).isEqualTo("inner");
  }

  @Test
  @DisplayName("row 97: below it cancelling and timing begin anew, with nothing registered above")
  void isFreshRoot() {
    CancellableContext parent = root.withCancel();
    Context detached = parent.withValue(NAME, "x").withoutCancel();
    CancellableContext timed = detached.withTimeout(Duration.ofSeconds(3));
    CancellableContext plain = detached.withCancel();
    timed.onDone(() -> {});
    plain.onDone(() -> {});

    assertThat(((Scope) parent).listeners()).isZero();
    assertThat(root.listening()).containsExactlyInAnyOrder(timed, plain);
    parent.cancel();
    clock.advance(Duration.ofSeconds(3));
    assertThat(timed.err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(plain.isDone()).isFalse();
    plain.cancel();
    assertThat(plain.isDone()).isTrue();
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("row 98: it keeps the values above it in memory")
  void keepsValues() {
    WeakReference<Object> value = new WeakReference<>(new Object());
    Context detached = root.withValue(NAME, value.get()).withCancel().withoutCancel();
    System.gc();
    assertThat(detached.value(NAME)).isNotNull().isSameAs(value.get());
  }

  @Test
  @DisplayName("row 99: a cause above is not seen below")
  void causeStopsThere() {
    CancellableContext parent = root.withCancel();
    Context detached = parent.withoutCancel();
    CancellableContext below = detached.withCancel();
    parent.cancel(new Exception("above"));
    assertThat(detached.cause()).isNull();
    assertThat(below.cause()).isNull();
    var own = new Exception("own");
    below.cancel(own);
    assertThat(below.cause()).isSameAs(own);
    assertThat(detached.cause()).isNull();
  }
}
