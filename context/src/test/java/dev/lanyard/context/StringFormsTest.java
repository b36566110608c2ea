package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Section J: how contexts print. */
class StringFormsTest {
  private static final Key<Object> SECRET = Key.of("secret");
  private static final Key<Object> REQUEST_ID = Key.printed("requestId");

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);

  private record Password(String characters) {}

  @Test
  @DisplayName("row 119: the roots")
  void roots() {
    assertThat(Context.background()).hasToString("context.Background");
    assertThat(Context.todo()).hasToString("context.TODO");
    assertThat(root).hasToString("context.Root");
  }

  @Test
  @DisplayName("row 120: withCancel")
  void withCancel() {
    assertThat(Context.background().withCancel()).hasToString("context.Background.WithCancel");
    assertThat(Context.todo().withCancel().withCancel())
        .hasToString("context.TODO.WithCancel.WithCancel");
  }

  @Test
  @DisplayName("row 121: withDeadline and withTimeout: the moment, and what is left of it")
  void withDeadline() {
    Context timed = root.withTimeout(Duration.ofSeconds(2));
    assertThat(timed).hasToString("context.Root.WithDeadline(2026-01-01T00:00:02Z [2s])");
    clock.advance(Duration.ofMillis(600));
    assertThat(timed).hasToString("context.Root.WithDeadline(2026-01-01T00:00:02Z [1.4s])");
    clock.advance(Duration.ofMillis(1900));
    assertThat(timed).hasToString("context.Root.WithDeadline(2026-01-01T00:00:02Z [-500ms])");
    assertThat(root.withDeadline(HandClock.NEW_YEAR.plusSeconds(150)).withCancel())
        .hasToString("context.Root.WithDeadline(2026-01-01T00:02:30Z [2m27s]).WithCancel");
  }

  @Test
  @DisplayName("row 122: a later deadline is none, and prints as none")
  void laterDeadline() {
    assertThat(root.withTimeout(Duration.ofSeconds(2)).withTimeout(Duration.ofSeconds(3)))
        .hasToString("context.Root.WithDeadline(2026-01-01T00:00:02Z [2s]).WithCancel");
  }

  @Test
  @DisplayName("row 123: values show their type; only a printed key shows them")
  void values() {
    assertThat(root.withValue(SECRET, "hunter2"))
        .hasToString("context.Root.WithValue(secret, String)");
    assertThat(root.withValue(SECRET, new Password("hunter2")))
        .hasToString("context.Root.WithValue(secret, Password)");
    assertThat(root.withValue(SECRET, null)).hasToString("context.Root.WithValue(secret, null)");
    assertThat(root.withValue(REQUEST_ID, "req-1").withValue(REQUEST_ID, null))
        .hasToString("context.Root.WithValue(requestId, req-1).WithValue(requestId, null)");
    assertThat(root.withValue(REQUEST_ID, 7).withCancel().withValue(SECRET, 8))
        .hasToString("context.Root.WithValue(requestId, 7).WithCancel.WithValue(secret, Integer)");
  }

  @Test
  @DisplayName("row 123: a value without a simple name still has a type")
  void valueOfAnonymousType() {
    Object anonymous = new Object() {};
    assertThat(root.withValue(SECRET, anonymous).toString()).doesNotContain("(secret, )");
  }

  @Test
  @DisplayName("row 124: withoutCancel, and what hangs below it")
  void withoutCancel() {
    assertThat(root.withCancel().withoutCancel())
        .hasToString("context.Root.WithCancel.WithoutCancel");
    assertThat(root.withCancel().withValue(REQUEST_ID, 1).withoutCancel().withCancel())
        .hasToString("context.Root.WithCancel.WithValue(requestId, 1).WithoutCancel.WithCancel");
    assertThat(root.withValue(REQUEST_ID, 1).withoutCancel().withValue(REQUEST_ID, 2))
        .hasToString("context.Root.WithValue(requestId, 1).WithoutCancel.WithValue(requestId, 2)");
  }

  @Test
  @DisplayName(
      "row 125: of a second parent the last step is printed; what stands for a context prints it")
  void linkedAndCurrent() {
    CancellableContext scope = root.withCancel();
    assertThat(scope.linkedTo(Context.background().withCancel()))
        .hasToString("context.Root.WithCancel.LinkedTo(….WithCancel)");
    assertThat(scope.call(Context::current)).hasToString("context.Root.WithCancel");
    assertThat(scope.call(() -> Context.current().withCancel()))
        .hasToString("context.Root.WithCancel.WithCancel");
  }

  @Test
  @DisplayName("row 126: a context that signals end prints its parent and the signals")
  void notifyContext() {
    try (CancellableContext notified = Signals.notifyContext(root.withCancel())) {
      assertThat(notified)
          .hasToString("signal.NotifyContext(context.Root.WithCancel, [interrupt terminated])");
    }
  }

  @Test
  @DisplayName("row 127: a chain of 10,000 prints")
  void longChain() {
    Context context = Context.background();
    for (int i = 0; i < 10_000; i++) {
      context = i % 2 == 0 ? context.withCancel() : context.withValue(REQUEST_ID, i);
    }
    assertThat(context.toString())
        .startsWith("context.Background.WithCancel.WithValue(requestId, 1).WithCancel")
        .endsWith(".WithValue(requestId, 9999)");
  }

  @Test
  @DisplayName("row 127: a chain of 10,000 links prints, with its second parents")
  void longChainOfLinks() {
    CancellableContext other = Context.todo().withCancel();
    Context context = root;
    for (int i = 0; i < 10_000; i++) context = context.linkedTo(other);
    assertThat(context.toString()).startsWith("context.Root.LinkedTo(….WithCancel)");
    for (int i = 0; i < 10_000; i++) other = root.linkedTo(other);
    assertThat(other.toString()).isEqualTo("context.Root.LinkedTo(…)");
  }
}
