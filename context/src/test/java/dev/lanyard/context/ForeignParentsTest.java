package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Section H: what ends for reasons that are not ours (a connection, another framework's token, a
 * future) ends a context from its own callback, and the context takes that callback back.
 */
class ForeignParentsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Key<String> NAME = Key.of("name");

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);
  private final CancellableContext scope = root.withCancel();

  /** As other frameworks have it: callbacks, one of them perhaps called while it is registered. */
  private static final class Token {
    interface Callback {
      void ended(@Nullable Throwable reason);
    }

    private final Set<Callback> callbacks = new LinkedHashSet<>();
    private boolean ended;
    private @Nullable Throwable reason;

    void register(Callback callback) {
      if (ended) callback.ended(reason);
      else callbacks.add(callback);
    }

    void unregister(Callback callback) {
      callbacks.remove(callback);
    }

    void end(@Nullable Throwable reason) {
      ended = true;
      this.reason = reason;
      for (Callback each : List.copyOf(callbacks)) each.ended(reason);
    }
  }

  /** The whole bridge. */
  private static CancellableContext follow(CancellableContext context, Token token) {
    Token.Callback callback = context::cancel;
    token.register(callback);
    context.onDone(() -> token.unregister(callback));
    return context;
  }

  private static void listened(Context context) {
    context.onDone(() -> {});
  }

  @Test
  @DisplayName("row 101: what stands for a context is transparent: children register directly")
  void surrogateIsTransparent() {
    Context seen = scope.call(Context::current);
    Context seenThroughValue = scope.withValue(NAME, "x").call(Context::current);
    listened(seen.withCancel());
    listened(seenThroughValue.withTimeout(HOUR));

    assertThat(((Scope) scope).listeners()).isEqualTo(2);
    assertThat(seen.done() == scope.done()).isTrue();
    assertThat(seen).isNotInstanceOf(CancellableContext.class);
  }

  @Test
  @DisplayName("row 102: a context that only a foreign source ends is not ended past it")
  void onlyTheSourceEnds() {
    var token = new Token();
    CancellableContext own = follow(scope.withValue(NAME, "x").withoutCancel().withCancel(), token);
    Context below = own.withTimeout(HOUR);

    scope.cancel();
    assertThat(below.isDone()).isFalse();
    assertThat(below.value(NAME)).isEqualTo("x");

    token.end(null);
    assertThat(below.isDone()).isTrue();
  }

  @Test
  @DisplayName("row 103: a thousand children of a foreign source need no thread")
  void noThreadPerChild() {
    var token = new Token();
    List<Context> children = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      CancellableContext child = follow(scope.withCancel(), token);
      Thread me = Thread.currentThread();
      child.onDone(() -> {
        if (Thread.currentThread() == me) children.add(child);
      });
    }
    token.end(new IOException("gone"));
    assertThat(children).as("ended on the thread of the source").hasSize(1000);
    assertThat(token.callbacks).isEmpty();
    assertThat(root.listening()).isEmpty();
  }

  static Stream<Named<java.util.function.Function<Context, Context>>> kinds() {
    return Stream.of(
        Named.of("withCancel", Context::withCancel),
        Named.of("withTimeout", context -> context.withTimeout(HOUR)),
        Named.of("withValue", context -> context.withValue(NAME, "x")));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @DisplayName("row 104: one registration with the source serves everything below")
  void oneRegistrationServesAll(java.util.function.Function<Context, Context> kind) {
    var token = new Token();
    CancellableContext bridge = follow(scope.withCancel(), token);
    Context below = kind.apply(bridge);
    var ran = new CountDownLatch(1);
    below.afterFunc(ran::countDown);
    assertThat(token.callbacks).hasSize(1);

    var gone = new IOException("gone");
    token.end(gone);

    assertThat(below.cause()).isSameAs(gone);
    Together.await(ran);
    assertThat(scope.isDone()).isFalse();
  }

  @Test
  @DisplayName("row 105: a child that ends takes its registration with the source back")
  void unregisters() {
    var token = new Token();
    CancellableContext cancelled = follow(scope.withCancel(), token);
    CancellableContext timed = follow(scope.withTimeout(Duration.ofSeconds(1)), token);
    follow(scope.withCancel(), token);
    assertThat(token.callbacks).hasSize(3);

    cancelled.cancel();
    assertThat(token.callbacks).hasSize(2);
    clock.advance(Duration.ofSeconds(1));
    assertThat(timed.isDone()).isTrue();
    assertThat(token.callbacks).hasSize(1);
    scope.cancel();
    assertThat(token.callbacks).isEmpty();
  }

  @Test
  @DisplayName("row 106: below a context that has ended nothing stays registered with the source")
  void endedContextLeavesNothing() {
    var token = new Token();
    scope.cancel();
    assertThat(follow(scope.withCancel(), token).isDone()).isTrue();
    assertThat(token.callbacks).isEmpty();
  }

  @Test
  @DisplayName("rows 74, 107: the error of the source is the cause; the kind stays ours")
  void errorOfTheSourceIsTheCause() {
    var token = new Token();
    CancellableContext child = follow(scope.withCancel(), token);
    var reset = new IOException("connection reset");
    token.end(reset);
    assertThat(child.err()).isExactlyInstanceOf(CancelledException.class).hasCause(reset);
    assertThat(child.withCancel().cause()).isSameAs(reset);
  }

  @Test
  @DisplayName("row 108: a source that gives no reason is a plain cancellation")
  void noReason() {
    var token = new Token();
    CancellableContext child = follow(scope.withCancel(), token);
    token.end(null);
    assertThat(child.err()).isExactlyInstanceOf(CancelledException.class).hasNoCause();
    assertThat(child.cause()).isSameAs(child.err());
  }

  @Test
  @DisplayName("row 109: a source that calls back during the registration works")
  void callsBackInline() {
    var token = new Token();
    var gone = new IOException("gone");
    token.end(gone);
    CancellableContext child = follow(scope.withCancel(), token);
    assertThat(child.cause()).isSameAs(gone);
    assertThat(token.callbacks).isEmpty();
    assertThat(((Scope) scope).listeners()).isZero();
  }

  @Test
  @DisplayName("row 109: and a callback of ours may use its context in every way")
  void callbackMayUseTheContext() {
    CancellableContext child = scope.withCancel();
    List<String> told = new ArrayList<>();
    child.onDone(() -> {
      child.onDone(() -> told.add("inner"));
      child.done().thenRun(() -> told.add("stage"));
      child.cancel();
      scope.cancel();
      scope.withCancel().onDone(() -> told.add("sibling"));
      told.add("outer");
    });
    scope.onDone(() -> child.onDone(() -> told.add("from above")));
    child.cancel();
    assertThat(told).containsExactlyInAnyOrder("inner", "stage", "sibling", "outer", "from above");
  }

  @Test
  @DisplayName("row 110: a source that comes to exist later ends the context all the same")
  void sourceMayComeLater() {
    CancellableContext child = scope.withCancel();
    Context below = child.withTimeout(HOUR);
    listened(below);
    var late = new Token();
    follow(child, late);
    late.end(null);
    assertThat(below.isDone()).isTrue();
    assertThat(clock.armed()).isZero();
  }

  @Test
  @DisplayName("row 111: values and end may come from different contexts")
  void valuesFromElsewhere() {
    CancellableContext values = root.withValue(NAME, "x").withCancel();
    Context both = values.withoutCancel().linkedTo(scope);
    values.cancel();
    assertThat(both.isDone()).isFalse();
    assertThat(both.value(NAME)).isEqualTo("x");
    scope.cancel();
    assertThat(both.isDone()).isTrue();
  }

  @Test
  @DisplayName("row 112: a foreign deadline, even on another clock, counts for the earliest")
  void foreignDeadlineCounts() {
    var otherClock = new HandClock();
    Deadline foreign = Deadline.after(Duration.ofSeconds(2), otherClock);
    CancellableContext ours = root.withTimeout(Duration.ofSeconds(5));
    CancellableContext child = ours.withDeadline(foreign);
    Context linked = ours.linkedTo(Context.root(otherClock).withDeadline(foreign));

    assertThat(child.remaining()).isEqualTo(Duration.ofSeconds(2));
    assertThat(linked.remaining()).isEqualTo(Duration.ofSeconds(2));
    otherClock.advance(Duration.ofSeconds(2));
    assertThat(linked.err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(child.isDone()).as("taken over to the clock of its own tree").isFalse();
    clock.advance(Duration.ofSeconds(2));
    assertThat(child.err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(ours.isDone()).isFalse();
  }

  @Test
  @DisplayName("row 104: a future is such a source, and a context ends a future")
  void futures() {
    var work = new CompletableFuture<String>();
    CancellableContext child = scope.withCancel();
    var _ = work.whenComplete((result, failure) -> child.cancel(failure));
    Registration stopping = scope.onDone(() -> work.cancel(false));
    scope.cancel();
    assertThat(work).isCancelled();
    assertThat(child.isDone()).isTrue();
    assertThat(stopping.stop()).isFalse();
  }
}
