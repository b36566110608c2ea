package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that wait for a context, for time to pass or for a stage. */
class WaitingTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);
  private final CancellableContext context = root.withCancel();

  /** Starts a thread that waits for the context, and returns when it does. */
  private <T> ThreadKind.Running<T> waiting(ThreadKind kind, Callable<T> wait) {
    ThreadKind.Running<T> running = kind.start(wait);
    Together.eventually("it waits", () -> LockSupport.getBlocker(running.thread()) == context);
    return running;
  }

  private void nothingIsLeft() {
    assertThat(root.listening()).isEmpty();
    assertThat(clock.armed()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("whoever waits for the end goes on at the end")
  void forTheEnd(ThreadKind kind) throws Exception {
    ThreadKind.Running<Boolean> running =
        waiting(
            kind,
            () -> {
              context.await();
              return context.isDone();
            });
    context.cancel();
    assertThat(running.get()).isTrue();
    context.await();
    nothingIsLeft();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a wait with a timeout tells whether the context has ended, and leaves no timer")
  void withTimeout(ThreadKind kind) throws Exception {
    ThreadKind.Running<Boolean> passed = waiting(kind, () -> context.await(HOUR));
    clock.advance(HOUR.minusNanos(1));
    assertThat(passed.task().isDone()).isFalse();
    clock.advance(Duration.ofNanos(1));
    assertThat(passed.get()).isFalse();
    nothingIsLeft();

    ThreadKind.Running<Boolean> ended = waiting(kind, () -> context.await(HOUR));
    context.cancel();
    assertThat(ended.get()).isTrue();
    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  @DisplayName("with no time to wait, or after the end, no timer is set and no interrupt is seen")
  void withoutTime(long seconds) throws InterruptedException {
    var set = new AtomicInteger();
    clock.observe(set::incrementAndGet, () -> {});
    Thread.currentThread().interrupt();
    try {
      assertThat(context.await(Duration.ofSeconds(seconds))).isFalse();
      context.cancel();
      assertThat(context.await(Duration.ofSeconds(seconds))).isTrue();
      assertThat(context.await(HOUR)).isTrue();
      context.await();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(set).as("timers").hasValue(0);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("an interrupt ends a wait, is taken down, and leaves no timer and no listener")
  void interrupted(ThreadKind kind) throws Exception {
    var stage = new CompletableFuture<String>();
    var _ = context.done(); // so that it has its place all the time
    for (Callable<Object> wait :
        List.<Callable<Object>>of(() -> context.await(HOUR), () -> context.await(stage))) {
      ThreadKind.Running<Boolean> running =
          waiting(
              kind,
              () -> {
                Throwable thrown = catchThrowable(wait::call);
                return thrown instanceof InterruptedException && !Thread.interrupted();
              });
      running.thread().interrupt();
      assertThat(running.get()).isTrue();
      assertThat(((Scope) context).listeners()).isOne();
      assertThat(clock.armed()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a sleep ends with its time, or with the end of the context")
  void sleep(ThreadKind kind) throws Exception {
    ThreadKind.Running<String> sleeping =
        waiting(
            kind,
            () -> {
              context.sleep(HOUR);
              return "slept";
            });
    clock.advance(HOUR);
    assertThat(sleeping.get()).isEqualTo("slept");

    ThreadKind.Running<String> ended =
        waiting(
            kind,
            () -> {
              context.sleep(HOUR);
              return "slept";
            });
    var cause = new Exception("enough");
    context.cancel(cause);
    assertThatThrownBy(ended::get).isInstanceOf(CancelledException.class).hasCause(cause);
    nothingIsLeft();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the result of a stage is returned, whoever is faster")
  void result(ThreadKind kind) throws Exception {
    var stage = new CompletableFuture<String>();
    ThreadKind.Running<String> running = waiting(kind, () -> context.await(stage));
    stage.complete("result");
    assertThat(running.get()).isEqualTo("result");
    assertThat(context.await(stage)).isEqualTo("result");
    assertThat(context.await(CompletableFuture.<String>completedStage(null))).isNull();
    nothingIsLeft();
  }

  @Test
  @DisplayName("a result that is there counts, though the context has ended and an interrupt waits")
  void resultFirst() throws InterruptedException {
    CompletionStage<String> stage = CompletableFuture.completedStage("result");
    context.cancel();
    Thread.currentThread().interrupt();
    try {
      assertThat(context.await(stage)).isEqualTo("result");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(Context.background().await(stage)).isEqualTo("result");
  }

  @Test
  @DisplayName("the failure of a stage is thrown as the JDK does it")
  void failure() {
    var failure = new IOException("broken");
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> context.await(CompletableFuture.failedStage(failure)))
        .withCause(failure);
    for (RuntimeException each :
        new RuntimeException[] {new CompletionException(failure), new CancellationException()}) {
      assertThatThrownBy(() -> context.await(CompletableFuture.failedStage(each))).isSameAs(each);
    }
    nothingIsLeft();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the end of the context ends the wait for a stage, with the reason")
  void endFirst(ThreadKind kind) {
    var stage = new CompletableFuture<String>();
    ThreadKind.Running<String> running = waiting(kind, () -> context.await(stage));
    var cause = new Exception("enough");
    context.cancel(cause);
    assertThatThrownBy(running::get).isInstanceOf(CancelledException.class).hasCause(cause);
    assertThatThrownBy(() -> context.await(stage)).isInstanceOf(CancelledException.class);
    nothingIsLeft();
  }

  @Test
  @DisplayName("a stage that outlives the wait holds neither the thread nor the context")
  void forgottenByTheStage() throws Exception {
    var stage = new CompletableFuture<String>();
    waitsInVain(stage).forEach(Together::isCollected);
    assertThat(stage.complete("too late")).isTrue();
  }

  private static List<WeakReference<?>> waitsInVain(CompletableFuture<String> stage)
      throws Exception {
    CancellableContext ended = Context.background().withCancel();
    ThreadKind.Running<Throwable> running =
        ThreadKind.PLATFORM.start(() -> catchThrowable(() -> ended.await(stage)));
    Together.eventually("it waits", () -> LockSupport.getBlocker(running.thread()) == ended);
    ended.cancel();
    assertThat(running.get()).isInstanceOf(CancelledException.class);
    return List.of(new WeakReference<>(running.thread()), new WeakReference<>(ended));
  }
}
