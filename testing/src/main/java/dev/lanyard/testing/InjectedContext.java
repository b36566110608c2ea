package dev.lanyard.testing;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.RootContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** The context of one test, and what is known of everything derived from it. */
final class InjectedContext implements AutoCloseable {
  /** A thread that told the test that it is ready may need a moment to close what it opened. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final RootContext root;
  private final Supplier<List<Runnable>> armed;
  private final @Nullable ManualTime time;
  private final CancellableContext context;

  private InjectedContext(
      RootContext root, Supplier<List<Runnable>> armed, @Nullable ManualTime time) {
    this.root = root;
    this.armed = armed;
    this.time = time;
    context = root.withCancel();
  }

  static InjectedContext create(boolean onManualTime) {
    if (onManualTime) {
      ManualTime time = ManualTime.start();
      return new InjectedContext(time.context(), time::armedActions, time);
    }
    var time = new RecordedTime();
    return new InjectedContext(Context.root(time), time::armedActions, null);
  }

  CancellableContext context() {
    return context;
  }

  ManualTime time() {
    if (time != null) return time;
    throw new ParameterResolutionException(
        "this test has a Context on the system's clock already: take ManualTime together with the"
            + " first Context (in the constructor or in the first @BeforeEach), or in the test"
            + " method");
  }

  @Override
  public void close() {
    context.close();
  }

  void checkNothingIsLeft() throws InterruptedException {
    List<String> left = whatIsLeft();
    if (left.isEmpty()) return;
    try (CancellableContext patience = Context.background().withTimeout(PATIENCE)) {
      while (!left.isEmpty() && !patience.await(Duration.ofMillis(1))) left = whatIsLeft();
    }
    if (left.isEmpty()) return;
    throw new AssertionError(
        "The test is over, but its context could not end all that came from it:\n  - "
            + String.join("\n  - ", left)
            + "\nWhat is derived through withoutCancel() outlives the context of the test. Close it"
            + " (try-with-resources), stop its registrations and wait for its threads, at the"
            + " latest in @AfterEach.");
  }

  private List<String> whatIsLeft() {
    List<Context> listening = root.listening();
    var left = new ArrayList<String>();
    for (Context each : listening) left.add("still listened to: " + each);
    for (Runnable action : armed.get()) {
      switch (action) {
        case Context timed when listening.contains(timed) -> {}
        case Context timed -> left.add("timer still armed: " + timed);
        default -> left.add("timer still armed, of a thread that waits or of a polled context");
      }
    }
    return left;
  }
}
