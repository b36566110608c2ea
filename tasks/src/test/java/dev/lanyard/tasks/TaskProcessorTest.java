package dev.lanyard.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskProcessorTest {
  private final Trail trail = new Trail();
  private final Context ctx = Context.background();

  /** A task that does what a test says. */
  interface Work {
    @Nullable Object in(Attempt attempt) throws Exception;
  }

  static final TaskKind<Work> WORK =
      new TaskKind<>("work", Work.class, (attempt, work) -> work.in(attempt));

  static Task task(String name, Work work) {
    return Task.of(name, WORK, work);
  }

  private TaskProcessor processor(UnaryOperator<Settings> settings) {
    return TaskProcessor.in(ctx, s -> settings.apply(s.withKind(WORK).withListener(trail)));
  }

  @Test
  void theMostUrgentComeFirstAndEqualOnesInTheirOrder() throws Exception {
    try (TaskProcessor processor = processor(s -> s.withWorkers(1))) {
      List<Task> tasks = new ArrayList<>();
      for (String name : List.of("3a", "1a", "2a", "1b", "3b", "2b", "1c")) {
        tasks.add(task(name, _ -> null).withPriority(name.charAt(0) - '0'));
      }
      for (TaskRef ref : processor.submitAll(tasks)) ref.await(ctx);
      assertThat(trail.namesOf(TaskEvent.Started.class))
          .containsExactly("1a", "1b", "1c", "2a", "2b", "3a", "3b");
    }
  }

  @Test
  void noMoreTasksRunAtOnceThanThereAreWorkersAndAllWorkersAreUsed() throws Exception {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var together = new CyclicBarrier(4);
    try (TaskProcessor processor = processor(s -> s.withWorkers(4))) {
      List<Task> tasks = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        tasks.add(
            task(
                "t" + i,
                _ -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  together.await();
                  running.decrementAndGet();
                  return null;
                }));
      }
      for (TaskRef ref : processor.submitAll(tasks)) {
        assertThat(ref.await(ctx)).isInstanceOf(Outcome.Completed.class);
      }
    }
    assertThat(most).hasValue(4);
  }

  @Test
  void aTaskGivesItsResultAndItsStory() throws Exception {
    try (TaskProcessor processor = processor(s -> s)) {
      TaskRef ref =
          processor.submit(
              task(
                  "sum",
                  attempt -> {
                    attempt.progress(50);
                    attempt.progress(50);
                    attempt.progress(80);
                    return 42;
                  }));
      assertThat(ref.await(ctx)).isEqualTo(new Outcome.Completed(42));
      assertThat(ref.state()).isEqualTo(State.COMPLETED);
      assertThat(ref.progress()).isEqualTo(100);
      assertThat(trail.of("sum")).containsExactly("queued", "started 1", "50%", "80%", "completed");
      assertThat(processor.find(ref.id())).isEmpty();
    }
  }

  @Test
  void progressOutOfRangeOrBackwardsIsAnErrorOfTheHandler() throws Exception {
    try (TaskProcessor processor = processor(s -> s)) {
      assertThat(
              failureOf(
                  processor,
                  attempt -> {
                    attempt.progress(101);
                    return null;
                  }))
          .hasMessage("progress is from 0 to 100 percent, not 101");
      assertThat(
              failureOf(
                  processor,
                  attempt -> {
                    attempt.progress(7);
                    attempt.progress(6);
                    return null;
                  }))
          .hasMessage("progress cannot go back from 7 to 6 percent");
    }
  }

  private Throwable failureOf(TaskProcessor processor, Work work) throws Exception {
    Outcome outcome = processor.submit(task("fails", work)).await(ctx);
    return ((Outcome.Failed) outcome).failure();
  }

  @Test
  void theHandlerSeesItsContextAndTheRequestId() throws Exception {
    try (TaskProcessor processor = processor(s -> s)) {
      assertThat(processor.requestId()).matches("req-\\d{8}-\\d{6}");
      Outcome outcome =
          processor
              .submit(
                  task(
                      "who",
                      attempt -> {
                        assertThat(Context.current()).isSameAs(attempt.context());
                        assertThat(Thread.currentThread().isVirtual()).isTrue();
                        return Context.current().value(TaskProcessor.REQUEST_ID);
                      }))
              .await(ctx);
      assertThat(outcome).isEqualTo(new Outcome.Completed(processor.requestId()));
    }
    Context request = ctx.withValue(TaskProcessor.REQUEST_ID, "req-7");
    try (TaskProcessor processor = TaskProcessor.in(request)) {
      assertThat(processor.requestId()).isEqualTo("req-7");
    }
  }

  @Test
  void whatIsNotAcceptableIsRefusedInWordsAndNothingOfItRuns() {
    try (TaskProcessor processor = processor(s -> s)) {
      Task good = task("good", _ -> null).withId("g");
      refused(processor, good.withTimeout(Duration.ofMillis(5001)))
          .hasMessage(
              "task \"good\" is refused: its timeout of 5s is longer than this processor allows"
                  + " (5s)");
      refused(processor, Task.of("x", "nope", 1))
          .hasMessageEndingWith("there is no kind \"nope\"; there are exec, http, sleep, work");
      refused(processor, Task.of("x", "sleep", "5s"))
          .hasMessageEndingWith("the kind \"sleep\" takes a payload of Sleep, not of String");
      refused(processor, good.withParent("nobody"))
          .hasMessageEndingWith(
              "its parent nobody is not known; a parent is submitted before its children");
      assertThatThrownBy(() -> processor.submitAll(List.of(good, good.withPriority(2))))
          .isInstanceOf(RefusedException.class)
          .hasMessageEndingWith("there is a task with the id g already");
      assertThat(trail.events()).isEmpty();
      assertThat(processor.find("g")).isEmpty();
      processor.submit(good).outcome().toCompletableFuture().join();
      refused(processor, good).hasMessageEndingWith("there is a task with the id g already");
      assertThat(processor.submit(task("late", _ -> 1).withParent("g")).task().parent())
          .isEqualTo("g");
    }
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(
      TaskProcessor processor, Task task) {
    return assertThatThrownBy(() -> processor.submit(task)).isInstanceOf(RefusedException.class);
  }

  @Test
  void aFullQueueRefuses() throws Exception {
    var leave = new CountDownLatch(1);
    try (TaskProcessor processor = processor(s -> s.withWorkers(1).withMaxQueued(2))) {
      processor.submit(
          task(
              "runs",
              _ -> {
                leave.await();
                return null;
              }));
      processor.submit(task("waits 1", _ -> null));
      TaskRef second = processor.submit(task("waits 2", _ -> null));
      refused(processor, task("too much", _ -> null))
          .hasMessageEndingWith("the queue is full (2 tasks are waiting)");
      second.cancel(null);
      TaskRef third = processor.submit(task("waits 3", _ -> null));
      leave.countDown();
      assertThat(third.await(ctx).state()).isEqualTo(State.COMPLETED);
    }
  }

  @Test
  void aTaskThatWaitsIsCancelledAtOnceAndOneThatRunsWhenItsHandlerLeaves() throws Exception {
    var started = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    try (TaskProcessor processor = processor(s -> s.withWorkers(1))) {
      TaskRef runs =
          processor.submit(
              task(
                  "runs",
                  attempt -> {
                    started.countDown();
                    try {
                      attempt.context().await();
                    } finally {
                      awaitIgnoringInterrupts(leave);
                    }
                    return "too late";
                  }));
      TaskRef waits = processor.submit(task("waits", _ -> null));
      started.await();
      var cause = new IllegalStateException("no longer wanted");
      assertThat(waits.cancel(cause)).isTrue();
      assertThat(waits.state()).isEqualTo(State.CANCELLED);
      assertThat(runs.cancel(cause)).isTrue();
      assertThat(runs.state()).isEqualTo(State.RUNNING);
      leave.countDown();
      var cancelled = (Outcome.Cancelled) runs.await(ctx);
      assertThat(cancelled.reason()).hasMessage("context canceled").hasCause(cause);
      assertThat(runs.cancel(cause)).isFalse();
      assertThat(trail.of("waits")).containsExactly("queued", "cancelled");
    }
  }

  static void awaitIgnoringInterrupts(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }

  @Test
  void blockingCodeThatKnowsNothingOfContextsIsInterrupted() throws Exception {
    try (TaskProcessor processor = processor(s -> s)) {
      var started = new CountDownLatch(1);
      TaskRef ref =
          processor.submit(
              task(
                  "blocks",
                  _ -> {
                    started.countDown();
                    new CountDownLatch(1).await();
                    return null;
                  }));
      started.await();
      ref.cancel(null);
      assertThat(ref.await(ctx).state()).isEqualTo(State.CANCELLED);
    }
  }

  @Test
  void theEndOfTheParentContextCancelsEverything() throws Exception {
    CancellableContext parent = ctx.withCancel();
    try (TaskProcessor processor =
        TaskProcessor.in(parent, s -> s.withWorkers(2).withKind(WORK).withListener(trail))) {
      List<Task> tasks = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        tasks.add(
            task(
                "t" + i,
                attempt -> {
                  attempt.context().await();
                  return null;
                }));
      }
      List<TaskRef> refs = processor.submitAll(tasks);
      trail.awaitEvent(TaskEvent.Started.class, 2);
      parent.cancel(new RuntimeException("Ctrl+C"));
      for (TaskRef ref : refs) {
        var cancelled = (Outcome.Cancelled) ref.await(ctx);
        assertThat(cancelled.reason()).hasMessage("context canceled").cause().hasMessage("Ctrl+C");
      }
      assertThat(trail.namesOf(TaskEvent.Started.class)).hasSize(2);
      assertThat(processor.stats().cancellationRate()).isEqualTo(1);
      // A task that comes later meets the same end.
      assertThat(processor.submit(task("late", _ -> null)).state()).isEqualTo(State.CANCELLED);
    }
  }

  @Test
  void cancelAllLeavesTheProcessorOpen() throws Exception {
    try (TaskProcessor processor = processor(s -> s.withWorkers(1))) {
      TaskRef runs =
          processor.submit(
              task(
                  "a",
                  attempt -> {
                    attempt.context().await();
                    return 1;
                  }));
      TaskRef waits = processor.submit(task("b", _ -> 1));
      processor.cancelAll(null);
      assertThat(runs.await(ctx).state()).isEqualTo(State.CANCELLED);
      assertThat(waits.await(ctx).state()).isEqualTo(State.CANCELLED);
      assertThat(processor.submit(task("c", _ -> 1)).await(ctx).state()).isEqualTo(State.COMPLETED);
    }
  }

  @Test
  void drainRefusesNewTasksAndWaitsForTheOldOnes() throws Exception {
    var leave = new CountDownLatch(1);
    try (TaskProcessor processor = processor(s -> s.withWorkers(1))) {
      TaskRef first =
          processor.submit(
              task(
                  "a",
                  _ -> {
                    leave.await();
                    return 1;
                  }));
      TaskRef second = processor.submit(task("b", _ -> 2));
      assertThat(processor.drain(Deadline.after(Duration.ofMillis(20)))).isFalse();
      refused(processor, task("c", _ -> 3)).hasMessageEndingWith("the processor is closing");
      leave.countDown();
      assertThat(processor.drain(Deadline.NONE)).isTrue();
      assertThat(first.state()).isEqualTo(State.COMPLETED);
      assertThat(second.state()).isEqualTo(State.COMPLETED);
    }
  }

  @Test
  void closeCancelsAndWaitsUntilEveryHandlerHasLeft() throws Exception {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    var left = new AtomicReference<@Nullable Instant>();
    TaskProcessor processor = processor(s -> s.withWorkers(1));
    TaskRef runs =
        processor.submit(
            task(
                "a",
                attempt -> {
                  entered.countDown();
                  attempt.context().onDone(leave::countDown);
                  awaitIgnoringInterrupts(leave);
                  left.set(Instant.MIN);
                  return 1;
                }));
    TaskRef waits = processor.submit(task("b", _ -> 1));
    entered
        .await(); // "started" is said before the handler is called: a close in between would keep
    // it from running
    processor.close();
    assertThat(left.get()).isNotNull();
    assertThat(runs.state()).isEqualTo(State.CANCELLED);
    assertThat(waits.state()).isEqualTo(State.CANCELLED);
    refused(processor, task("c", _ -> 1)).hasMessageEndingWith("the processor is closing");
    processor.close();
  }

  @Test
  void aListenerThatThrowsHarmsNobody() throws Exception {
    var caught = new AtomicInteger();
    Settings settings =
        Settings.defaults()
            .withKind(WORK)
            .withListener(event -> {
              trail.accept(event);
              Thread.currentThread()
                  .setUncaughtExceptionHandler((_, _) -> caught.incrementAndGet());
              if (!(event instanceof TaskEvent.Queued)) throw new IllegalStateException("listener");
            });
    try (TaskProcessor processor = TaskProcessor.in(ctx, _ -> settings)) {
      assertThat(processor.submit(task("a", _ -> 1)).await(ctx).state()).isEqualTo(State.COMPLETED);
    }
    assertThat(trail.of("a")).containsExactly("queued", "started 1", "completed");
    assertThat(caught).hasValue(2);
    Thread.currentThread().setUncaughtExceptionHandler(null);
  }

  @Test
  void anErrorInAHandlerIsAFailureOfTheTaskAndIsNotRetried() throws Exception {
    try (TaskProcessor processor = processor(s -> s)) {
      TaskRef ref =
          processor.submit(
              task(
                      "a",
                      _ -> {
                        throw new StackOverflowError("deep");
                      })
                  .withRetry(Retry.attempts(5)));
      assertThat(((Outcome.Failed) ref.await(ctx)).failure()).hasMessage("deep");
      assertThat(trail.of("a")).containsExactly("queued", "started 1", "failed");
    }
  }
}
