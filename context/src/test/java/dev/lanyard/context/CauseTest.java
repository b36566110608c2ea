package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Section E: the first cancellation that reaches a context fixes err and cause, whoever listens.
 */
@ParameterizedClass
@EnumSource
class CauseTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Key<String> NAME = Key.of("name");

  @Parameter Attention attention = Attention.NOBODY;

  // It does not move unless told to: everything here happens at the same moment.
  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);

  private final Exception x = new Exception("x");
  private final Exception y = new Exception("y");
  private final Exception t = new Exception("t");

  private CancellableContext parent() {
    return attention.on(root.withCancel());
  }

  private CancellableContext childOf(Context parent) {
    return attention.on(parent.withCancel());
  }

  private static void assertCancelled(Context context, @Nullable Throwable cause) {
    assertEnd(context, CancelledException.class, cause);
  }

  private static void assertTimedOut(Context context, @Nullable Throwable cause) {
    assertEnd(context, DeadlineExceededException.class, cause);
  }

  private static void assertEnd(
      Context context, Class<? extends ContextException> kind, @Nullable Throwable cause) {
    ContextException err = context.err();
    assertThat(err).isExactlyInstanceOf(kind);
    assertThat(context.cause()).isSameAs(cause == null ? err : cause);
    assertThatExceptionOfType(ContextException.class)
        .isThrownBy(context::throwIfDone)
        .satisfies(thrown -> assertThat(thrown).isExactlyInstanceOf(kind))
        .satisfies(thrown -> assertThat(thrown.getCause()).isSameAs(cause));
  }

  private static void assertLive(Context context) {
    assertThat(context.err()).isNull();
    assertThat(context.cause()).isNull();
  }

  @Test
  @DisplayName("row 56: a live context has neither err nor cause")
  void live() {
    assertLive(Context.background());
    assertLive(Context.todo());
    assertLive(root);
    assertLive(parent());
  }

  @Test
  @DisplayName("row 57: cancel()")
  void plain() {
    CancellableContext context = parent();
    context.cancel();
    assertCancelled(context, null);
  }

  @Test
  @DisplayName("row 58: cancel(x)")
  void withCause() {
    CancellableContext context = parent();
    context.cancel(x);
    assertCancelled(context, x);
  }

  @Test
  @DisplayName("row 59: cancel(null)")
  void withNull() {
    CancellableContext context = parent();
    context.cancel(null);
    assertCancelled(context, null);
  }

  @Test
  @DisplayName("row 60: parent(x), then child(y)")
  void parentThenChild() {
    CancellableContext parent = parent();
    CancellableContext child = childOf(parent);
    parent.cancel(x);
    child.cancel(y);
    assertCancelled(parent, x);
    assertCancelled(child, x);
  }

  @Test
  @DisplayName("row 61: child(y), then parent(x)")
  void childThenParent() {
    CancellableContext parent = parent();
    CancellableContext child = childOf(parent);
    child.cancel(y);
    parent.cancel(x);
    assertCancelled(parent, x);
    assertCancelled(child, y);
  }

  @Test
  @DisplayName("row 62: parent(x), then child()")
  void parentThenPlainChild() {
    CancellableContext parent = parent();
    CancellableContext child = childOf(parent);
    parent.cancel(x);
    child.cancel();
    assertCancelled(child, x);
  }

  @Test
  @DisplayName("row 63: child(), then parent(x)")
  void plainChildThenParent() {
    CancellableContext parent = parent();
    CancellableContext child = childOf(parent);
    child.cancel();
    parent.cancel(x);
    assertCancelled(child, null);
    assertCancelled(parent, x);
  }

  @Test
  @DisplayName("row 64: parent(), then child(y)")
  void plainParentThenChild() {
    CancellableContext parent = parent();
    CancellableContext child = childOf(parent);
    parent.cancel();
    child.cancel(y);
    assertCancelled(child, null);
  }

  @Test
  @DisplayName("row 65: child(y), then parent()")
  void childThenPlainParent() {
    CancellableContext parent = parent();
    CancellableContext child = childOf(parent);
    child.cancel(y);
    parent.cancel();
    assertCancelled(child, y);
    assertCancelled(parent, null);
  }

  @Test
  @DisplayName("row 66: timeout 0, then cancel()")
  void noTimeThenCancel() {
    CancellableContext context = attention.on(root.withTimeout(Duration.ZERO));
    context.cancel();
    assertTimedOut(context, null);
  }

  @Test
  @DisplayName("row 67: a long timeout, then cancel()")
  void longTimeThenCancel() {
    CancellableContext context = attention.on(root.withTimeout(LONG));
    context.cancel();
    assertCancelled(context, null);
  }

  @Test
  @DisplayName("row 68: timeout 0 with cause, then cancel()")
  void noTimeWithCauseThenCancel() {
    CancellableContext context = attention.on(root.withTimeout(Duration.ZERO, t));
    context.cancel();
    assertTimedOut(context, t);
  }

  @Test
  @DisplayName("row 69: a long timeout with cause, then cancel(), or cancel(x)")
  void longTimeWithCauseThenCancel() {
    CancellableContext plain = attention.on(root.withTimeout(LONG, t));
    plain.cancel();
    assertCancelled(plain, null);
    CancellableContext explained = attention.on(root.withTimeout(LONG, t));
    explained.cancel(x);
    assertCancelled(explained, x);
  }

  @Test
  @DisplayName("row 70: timeout 0 with cause below a parent, then parent(x)")
  void noTimeThenParent() {
    CancellableContext parent = parent();
    CancellableContext child = attention.on(parent.withTimeout(Duration.ZERO, t));
    parent.cancel(x);
    assertTimedOut(child, t);
    assertCancelled(parent, x);
  }

  @Test
  @DisplayName("row 70: also for a timeout that passed later, and that nobody had looked at")
  void timePassesThenParent() {
    CancellableContext parent = parent();
    CancellableContext child = attention.on(parent.withTimeout(Duration.ofSeconds(1), t));
    clock.advance(Duration.ofSeconds(1).plusNanos(1));
    parent.cancel(x);
    assertTimedOut(child, t);
  }

  @Test
  @DisplayName("row 71: a long timeout with cause below a parent, then parent(x)")
  void longTimeThenParent() {
    CancellableContext parent = parent();
    CancellableContext child = attention.on(parent.withTimeout(Duration.ofSeconds(1), t));
    parent.cancel(x);
    clock.advance(Duration.ofSeconds(2));
    assertCancelled(child, x);
  }

  @Test
  @DisplayName("row 72: withoutCancel of anything is live")
  void withoutCancel() {
    CancellableContext cancelled = parent();
    Context before = cancelled.withoutCancel();
    cancelled.cancel(x);
    assertLive(before);
    assertLive(cancelled.withoutCancel());
    assertLive(parent().withoutCancel());
    assertLive(attention.on(root.withTimeout(Duration.ZERO, t)).withoutCancel());
  }

  @Test
  @DisplayName("row 73: values and current() give the cause of the scope above")
  void throughValues() {
    CancellableContext parent = parent();
    Context value = parent.withValue(NAME, "x");
    Context seen = value.call(Context::current);
    Context seenScope = parent.call(Context::current);
    parent.cancel(x);
    assertCancelled(value, x);
    assertCancelled(seen, x);
    assertCancelled(seenScope, x);
  }

  @Test
  @DisplayName("row 75: a child that ends by itself leaves its parents alone, also a second one")
  void secondParentIsLeftAlone() {
    CancellableContext one = parent();
    CancellableContext other = parent();
    CancellableContext child = attention.on(one.linkedTo(other));
    child.cancel(x);
    assertCancelled(child, x);
    assertLive(one);
    assertLive(other);
  }

  @Test
  @DisplayName("row 76: the second parent's end comes too late for a child that has ended")
  void secondParentTooLate() {
    CancellableContext one = parent();
    CancellableContext other = parent();
    CancellableContext child = attention.on(one.linkedTo(other));
    child.cancel(x);
    other.cancel(y);
    assertCancelled(child, x);
    assertCancelled(other, y);
    assertLive(one);
  }

  @Test
  @DisplayName("row 77: a callback of the parent may cancel the child, which has ended by then")
  void reentrantCancel() {
    CancellableContext parent = parent();
    CancellableContext child = childOf(parent);
    var told = new AtomicInteger();
    child.onDone(told::incrementAndGet);
    parent.onDone(() -> child.cancel(y));
    child.onDone(() -> parent.cancel(y));
    parent.cancel();
    assertCancelled(child, null);
    assertCancelled(parent, null);
    assertThat(told).hasValue(1);
  }

  @Test
  @DisplayName("row 78: of two parents, the one that ends first gives err and cause")
  void firstParentToEndCounts() {
    CancellableContext one = parent();
    CancellableContext other = parent();
    one.withTimeout(LONG).isDone();
    CancellableContext child = attention.on(one.linkedTo(other));
    Context value = child.withValue(NAME, "x");
    other.cancel(x);
    clock.advance(Duration.ofNanos(1));
    one.cancel(y);
    assertCancelled(child, x);
    assertCancelled(value, x);
    assertCancelled(attention.on(child.withCancel()), x);
  }

  @Test
  @DisplayName("row 79: whoever polls the cause sees null, then the cause, and nothing else")
  void polledCause() {
    int rounds = 1_000;
    List<CancellableContext> parents = new ArrayList<>();
    List<Context> polled = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      CancellableContext parent = parent();
      parents.add(parent);
      polled.add(childOf(parent).withValue(NAME, "x"));
    }
    Together.race(
        rounds,
        i -> parents.get(i).cancel(x),
        i -> {
          Throwable cause = polled.get(i).cause();
          while (cause == null) {
            Thread.onSpinWait();
            cause = polled.get(i).cause();
          }
          assertThat(cause).isSameAs(x);
          assertThat(polled.get(i).cause()).isSameAs(x);
        });
  }

  @Test
  @DisplayName("row 80: what is thrown matches both the kind and the cause")
  void thrownMatchesKindAndCause() {
    CancellableContext context = parent();
    var broken = new IOException("broken pipe");
    context.cancel(broken);

    assertThatExceptionOfType(CancelledException.class)
        .isThrownBy(context::throwIfDone)
        .withMessage("context canceled")
        .withCause(broken)
        .satisfies(thrown ->
            assertThat(thrown.getStackTrace())
                .as("with the stack of the thread that gives up")
                .anyMatch(frame -> frame.getMethodName().equals("thrownMatchesKindAndCause")));
    assertThatExceptionOfType(CancelledException.class)
        .isThrownBy(() -> context.await(new CompletableFuture<>()))
        .withCause(broken);
    assertThatExceptionOfType(CancelledException.class)
        .isThrownBy(() -> context.sleep(LONG))
        .withCause(broken);
    assertThat(context.err()).hasCause(broken);
  }
}
