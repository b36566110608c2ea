package dev.lanyard.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.CancelledException;
import dev.lanyard.context.Context;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.context.Key;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class ContextExtensionTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  @DisplayName("row X1: the injected context ends just before @AfterEach, and all see the same one")
  void contextEndsJustBeforeAfterEach() {
    assertThat(failureOf(WholeLife.class)).isNull();
    assertThat(WholeLife.TRAIL)
        .containsExactly("constructor true", "before true", "test true", "after false");
    assertThat(WholeLife.SEEN).hasSize(4).allMatch(each -> each == WholeLife.SEEN.getFirst());
    assertThat(WholeLife.SEEN.getFirst().err()).isInstanceOf(CancelledException.class);
  }

  @ExtendWith(ContextExtension.class)
  static class WholeLife {
    static final List<String> TRAIL = new CopyOnWriteArrayList<>();
    static final List<Context> SEEN = new CopyOnWriteArrayList<>();

    WholeLife(CancellableContext ctx) {
      record("constructor", ctx);
    }

    @BeforeEach
    void before(Context ctx) {
      record("before", ctx);
    }

    @Test
    void test(Context ctx) {
      record("test", ctx);
      assertThat(ctx.deadline().isNone()).isTrue();
    }

    @AfterEach
    void after(Context ctx) {
      record("after", ctx);
    }

    private static void record(String where, Context ctx) {
      TRAIL.add(where + " " + !ctx.isDone());
      SEEN.add(ctx);
    }
  }

  @Test
  @DisplayName("row X1: @AfterEach can wait for what the test has started")
  void afterEachCanWaitForWork() {
    assertThat(failureOf(WaitsForWorker.class)).isNull();
  }

  @ExtendWith(ContextExtension.class)
  static class WaitsForWorker {
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Test
    void test(Context ctx) {
      ctx.afterFunc(stopped::countDown);
    }

    @AfterEach
    void awaitStopped() throws InterruptedException {
      stopped.await();
    }
  }

  @Test
  @DisplayName("row X1: the context has ended for @AfterEach also where @BeforeEach failed")
  void contextEndsWhereBeforeEachFails() {
    assertThat(failureOf(BeforeEachFails.class)).hasMessage("before");
    assertThat(BeforeEachFails.ENDED).containsExactly(true);
  }

  @ExtendWith(ContextExtension.class)
  static class BeforeEachFails {
    static final List<Boolean> ENDED = new CopyOnWriteArrayList<>();

    @BeforeEach
    void before(Context ctx) {
      throw new IllegalStateException("before");
    }

    @Test
    void test() {}

    @AfterEach
    void after(Context ctx) {
      ENDED.add(ctx.isDone());
    }
  }

  @Test
  @DisplayName("row X2: with a ManualTime among the parameters the context lives on it")
  void contextLivesOnManualTime() {
    assertThat(failureOf(OnManualTime.class)).isNull();
  }

  @ExtendWith(ContextExtension.class)
  static class OnManualTime {
    private final Context ctx;

    OnManualTime(Context ctx) {
      this.ctx = ctx;
    }

    @Test
    void test(ManualTime time) {
      CancellableContext hour = ctx.withTimeout(HOUR);
      time.advance(HOUR);
      assertThat(hour.err()).isInstanceOf(DeadlineExceededException.class);
    }
  }

  @Test
  void manualTimeThatComesTooLateIsRefused() {
    assertThat(failureOf(ManualTimeTooLate.class))
        .hasMessageContaining("has a Context on the system's clock already")
        .hasMessageContaining("take ManualTime together with the first Context");
  }

  @ExtendWith(ContextExtension.class)
  static class ManualTimeTooLate {
    ManualTimeTooLate(Context ctx) {}

    @BeforeEach
    void before(ManualTime time) {}

    @Test
    void test() {}
  }

  @Test
  void contextOutsideOfATestIsRefused() {
    assertThat(failureOf(InBeforeAll.class))
        .hasMessageContaining("a Context belongs to one test, and there is none here");
  }

  @ExtendWith(ContextExtension.class)
  static class InBeforeAll {
    @BeforeAll
    static void before(Context ctx) {}

    @Test
    void test() {}
  }

  @Test
  @DisplayName("row X1: a context that is still listened to after the test fails it")
  void contextStillListenedToFailsTheTest() {
    assertThat(failureOf(LeavesListener.class))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            The test is over, but its context could not end all that came from it:
              - still listened to: context.Root.WithCancel.WithValue(request, String).WithoutCancel.WithCancel
            What is derived through withoutCancel() outlives the context of the test. Close it \
            (try-with-resources), stop its registrations and wait for its threads, at the latest in \
            @AfterEach.\
            """);
  }

  @ExtendWith(ContextExtension.class)
  static class LeavesListener {
    @Test
    void test(Context ctx) {
      ctx.withValue(Key.of("request"), "r").withoutCancel().withCancel().onDone(() -> {});
    }
  }

  @Test
  @DisplayName("row X1: a timer that is still armed after the test fails it")
  void armedTimerFailsTheTest() {
    assertThat(failureOf(LeavesTimer.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("  - still listened to: context.Root.WithCancel.WithoutCancel.WithDe")
        .message()
        .doesNotContain("timer");
    assertThat(failureOf(LeavesPolledTimer.class))
        .hasMessageContaining("  - timer still armed, of a thread that waits or of a polled");
    assertThat(failureOf(LeavesTimerBelowListener.class))
        .hasMessageContaining("  - still listened to: context.Root.WithCancel.WithoutCancel.With")
        .hasMessageContaining(
            "  - timer still armed: context.Root.WithCancel.WithoutCancel.WithCancel.WithDeadline(2026-01-01T01:00:00Z [1h0m0s])");
  }

  @ExtendWith(ContextExtension.class)
  static class LeavesTimer {
    @Test
    void test(Context ctx) {
      ctx.withoutCancel().withTimeout(HOUR).onDone(() -> {});
    }
  }

  @ExtendWith(ContextExtension.class)
  static class LeavesPolledTimer {
    private @Nullable Context polled;

    @Test
    void test(Context ctx) {
      polled = ctx.withoutCancel().withTimeout(HOUR);
      for (int poll = 0; poll < 100; poll++) polled.isDone();
    }
  }

  @ExtendWith(ContextExtension.class)
  static class LeavesTimerBelowListener {
    @Test
    void test(Context ctx, ManualTime time) {
      ctx.withoutCancel().withCancel().withTimeout(HOUR).onDone(() -> {});
    }
  }

  @Test
  void failureOfTheTestItselfComesFirst() {
    assertThat(failureOf(FailsAndLeavesListener.class))
        .hasMessage("test")
        .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
  }

  @ExtendWith(ContextExtension.class)
  static class FailsAndLeavesListener {
    @Test
    void test(Context ctx) {
      ctx.withoutCancel().withCancel().onDone(() -> {});
      throw new IllegalStateException("test");
    }
  }

  @Test
  void threadThatIsJustEndingIsGivenTheTime() {
    assertThat(failureOf(EndsALittleLater.class)).isNull();
  }

  @ExtendWith(ContextExtension.class)
  static class EndsALittleLater {
    @Test
    void test(Context ctx) {
      CancellableContext publishing = ctx.withoutCancel().withCancel();
      publishing.onDone(() -> {});
      ctx.afterFunc(() -> {
        try {
          Context.background().sleep(Duration.ofMillis(20));
        } catch (InterruptedException impossible) {
          throw new AssertionError(impossible);
        }
        publishing.close();
      });
    }
  }

  @Test
  void testsInParallelHaveContextsOfTheirOwn() {
    assertThat(failureOf(Parallel.class)).isNull();
    assertThat(Parallel.SEEN).hasSize(100);
  }

  @ExtendWith(ContextExtension.class)
  static class Parallel {
    static final Map<Context, String> SEEN = new ConcurrentHashMap<>();

    @RepeatedTest(100)
    void test(Context ctx, TestInfo info) {
      assertThat(SEEN.putIfAbsent(ctx, info.getDisplayName())).isNull();
      ctx.done();
      assertThat(ctx.isDone()).isFalse();
    }
  }

  @Test
  void testThatTakesNoContextIsLeftAlone() {
    assertThat(failureOf(TakesNothing.class)).isNull();
  }

  @ExtendWith(ContextExtension.class)
  static class TakesNothing {
    @Test
    void test() {}

    @AfterEach
    void after() {}
  }

  /** Runs a class of tests; what the first of them that failed threw. */
  private static @Nullable Throwable failureOf(Class<?> testClass) {
    EngineExecutionResults results =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(testClass))
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
            .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
            .execute();
    assertThat(results.allEvents().finished().count()).isGreaterThan(1);
    return results.allEvents().failed().stream()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .flatMap(result -> result.getThrowable().stream())
        .findFirst()
        .orElse(null);
  }
}
