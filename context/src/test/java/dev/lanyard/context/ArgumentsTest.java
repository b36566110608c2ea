package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Section K: arguments that are refused at once, with a text that says what is missing. */
@SuppressWarnings("NullAway") // that is the subject
class ArgumentsTest {
  private static final RootContext ROOT = Context.root(new HandClock());
  private static final CancellableContext SCOPE = ROOT.withCancel();

  private static Named<ThrowingCallable> call(String name, ThrowingCallable call) {
    return Named.of(name, call);
  }

  static Stream<Named<ThrowingCallable>> nullContexts() {
    return Stream.of(
        call("linkedTo", () -> SCOPE.linkedTo(null)),
        call("Group.in", () -> Group.in(null)),
        call("Group.independent", () -> Group.independent(null)),
        call("Signals", () -> Signals.notifyContext(null)));
  }

  @ParameterizedTest
  @MethodSource("nullContexts")
  @DisplayName("row 128: a null context to derive from is refused by name")
  void nullContext(ThrowingCallable call) {
    assertThatNullPointerException().isThrownBy(call).withMessageContaining("null");
    assertThatNullPointerException().isThrownBy(call).withMessageContaining("context");
  }

  static Stream<Named<ThrowingCallable>> nullArguments() {
    return Stream.of(
        call("root", () -> Context.root(null)),
        call("withTimeout", () -> SCOPE.withTimeout(null)),
        call("withTimeout with cause", () -> SCOPE.withTimeout(null, new Exception())),
        call("withDeadline", () -> SCOPE.withDeadline((Deadline) null)),
        call("withDeadline of an instant", () -> SCOPE.withDeadline((Instant) null)),
        call("withDeadline with cause", () -> SCOPE.withDeadline(null, new Exception())),
        call("extendTo", () -> SCOPE.extendTo(null)),
        call("extendTo, timed", () -> SCOPE.withTimeout(Duration.ofHours(1)).extendTo(null)),
        call("await", () -> SCOPE.await((Duration) null)),
        call("await a stage", () -> SCOPE.await((CompletionStage<String>) null)),
        call("sleep", () -> SCOPE.sleep(null)),
        call("call", () -> SCOPE.call(null)),
        call("run", () -> SCOPE.run(null)),
        call("callInterruptibly", () -> SCOPE.callInterruptibly(null)),
        call("shielded", () -> Context.shielded(null)),
        call("wrap", () -> SCOPE.wrap((Runnable) null)),
        call("wrap a callable", () -> SCOPE.wrap((Callable<String>) null)),
        call("wrap an executor", () -> SCOPE.wrap((Executor) null)),
        call("Deadline.after", () -> Deadline.after(null)),
        call("Deadline.at", () -> Deadline.at(null)),
        call("earlierOf", () -> Deadline.NONE.earlierOf(null)),
        call("isBefore", () -> Deadline.NONE.isBefore(null)));
  }

  @ParameterizedTest
  @MethodSource("nullArguments")
  @DisplayName("row 129: any other null is refused too, with a text of ours")
  void nullArgument(ThrowingCallable call) {
    assertThatNullPointerException()
        .isThrownBy(call)
        .satisfies(thrown ->
            assertThat(thrown.getMessage())
                .isNotNull()
                .doesNotContain("because \"", "Cannot invoke"));
    assertThat(ROOT.listening()).isEmpty();
  }

  static Stream<Named<ThrowingCallable>> nullActions() {
    return Stream.of(
        call("afterFunc", () -> SCOPE.afterFunc(null)),
        call("onDone", () -> SCOPE.onDone(null)),
        call("afterFunc on a root", () -> ROOT.afterFunc(null)),
        call("onDone on a value", () -> ROOT.withValue(Key.of("x"), 1).onDone(null)));
  }

  @ParameterizedTest
  @MethodSource("nullActions")
  @DisplayName("row 130: a null action is refused when it is registered, not when it fires")
  void nullAction(ThrowingCallable call) {
    assertThatNullPointerException()
        .isThrownBy(call)
        .withMessage("there is nothing to run when the context is done");
    assertThat(ROOT.listening()).isEmpty();
  }
}
