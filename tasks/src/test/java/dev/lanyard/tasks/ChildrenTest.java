package dev.lanyard.tasks;

import static dev.lanyard.tasks.TaskProcessorTest.WORK;
import static dev.lanyard.tasks.TaskProcessorTest.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.testing.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ChildrenTest {
  private final Trail trail = new Trail();
  private final Context ctx = Context.background();

  private TaskProcessor processor(int workers) {
    return TaskProcessor.in(ctx, s -> s.withWorkers(workers).withKind(WORK).withListener(trail));
  }

  private static int sum(Attempt attempt, int depth) throws Exception {
    if (depth == 0) return 1;
    TaskRef left = attempt.fork(task("left", below -> sum(below, depth - 1)));
    TaskRef right = attempt.fork(task("right", below -> sum(below, depth - 1)));
    return result(left.await(attempt.context())) + result(right.await(attempt.context()));
  }

  private static int result(Outcome outcome) {
    return outcome instanceof Outcome.Completed completed
            && completed.result() instanceof Integer number
        ? number
        : -1000;
  }

  @Test
  void oneWorkerIsEnoughForTasksThatWaitForTheTasksTheyForked() throws Exception {
    try (TaskProcessor processor = processor(1)) {
      TaskRef root = processor.submit(task("root", attempt -> sum(attempt, 5)));
      assertThat(root.await(ctx)).isEqualTo(new Outcome.Completed(32));
    }
  }

  @Test
  void lendingWorkersNeverLetsMoreHandlersWorkThanThereAreWorkers() throws Exception {
    var working = new AtomicInteger();
    var most = new AtomicInteger();
    try (TaskProcessor processor = processor(2)) {
      List<Task> tasks = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        tasks.add(
            task(
                "p" + i,
                attempt -> {
                  work(working, most);
                  TaskRef child =
                      attempt.fork(
                          task(
                              "c",
                              _ -> {
                                work(working, most);
                                return null;
                              }));
                  child.await(attempt.context());
                  work(working, most);
                  return null;
                }));
      }
      for (TaskRef ref : processor.submitAll(tasks)) {
        assertThat(ref.await(ctx).state()).isEqualTo(State.COMPLETED);
      }
    }
    assertThat(most.get()).isBetween(1, 2);
  }

  private static void work(AtomicInteger working, AtomicInteger most) {
    most.accumulateAndGet(working.incrementAndGet(), Math::max);
    for (int i = 0; i < 50; i++) Thread.onSpinWait();
    working.decrementAndGet();
  }

  @Test
  void aForkIsCancelledWithItsParent() throws Exception {
    var forked = new CountDownLatch(1);
    var child = new AtomicReference<TaskRef>();
    try (TaskProcessor processor = processor(2)) {
      TaskRef parent =
          processor.submit(
              task(
                  "parent",
                  attempt -> {
                    child.set(
                        attempt.fork(
                            task(
                                "child",
                                a -> {
                                  a.context().await();
                                  return null;
                                })));
                    forked.countDown();
                    return child.get().await(attempt.context());
                  }));
      forked.await();
      var cause = new RuntimeException("stop");
      parent.cancel(cause);
      assertThat(parent.await(ctx).state()).isEqualTo(State.CANCELLED);
      var cancelled = (Outcome.Cancelled) child.get().await(ctx);
      assertThat(cancelled.reason()).hasCause(cause);
    }
  }

  @Test
  void aForkEndsAtTheDeadlineOfItsParent() throws Exception {
    ManualTime time = ManualTime.start();
    var child = new AtomicReference<TaskRef>();
    try (TaskProcessor processor =
        TaskProcessor.in(
            time.context(), s -> s.withTime(time).withKind(WORK).withListener(trail))) {
      TaskRef parent =
          processor.submit(
              task(
                      "parent",
                      attempt -> {
                        child.set(
                            attempt.fork(
                                task(
                                    "child",
                                    a -> {
                                      a.context().await();
                                      return null;
                                    })));
                        return null;
                      })
                  .withTimeout(Duration.ofSeconds(1)));
      trail.awaitEvent(TaskEvent.Started.class, 2);
      assertThat(parent.state()).isEqualTo(State.RUNNING); // its fork is part of it
      time.awaitArmed(1, Duration.ofSeconds(30));
      time.advance(Duration.ofSeconds(1));
      assertThat(parent.await(ctx).state()).isEqualTo(State.TIMED_OUT);
      assertThat(child.get().await(ctx).state()).isEqualTo(State.TIMED_OUT);
    }
  }

  @Test
  void anAttemptThatFailsTakesItsForksWithItBeforeTheNextOneBegins() throws Exception {
    var children = new ArrayList<TaskRef>();
    try (TaskProcessor processor = processor(3)) {
      TaskRef parent =
          processor.submit(
              task(
                      "parent",
                      attempt -> {
                        if (attempt.number() == 2) return children.getFirst().state();
                        children.add(
                            attempt.fork(
                                task(
                                    "child",
                                    a -> {
                                      a.context().await();
                                      return null;
                                    })));
                        throw new IOException("first attempt");
                      })
                  .withRetry(new Retry(2, Duration.ofMillis(1), Duration.ofMillis(1))));
      assertThat(parent.await(ctx)).isEqualTo(new Outcome.Completed(State.CANCELLED));
      var cancelled = (Outcome.Cancelled) children.getFirst().await(ctx);
      assertThat(cancelled.reason().getCause()).hasMessage("its parent has failed: parent");
    }
  }

  @Test
  void aChildByNameEndsWhenItsParentDoesNotComplete() throws Exception {
    try (TaskProcessor processor = processor(1)) {
      List<TaskRef> refs =
          processor.submitAll(
              List.of(
                  task(
                          "parent",
                          _ -> {
                            throw new IOException("broken");
                          })
                      .withId("p"),
                  task("child", _ -> 1).withId("c").withParent("p").withPriority(2),
                  task("grandchild", _ -> 1).withParent("c").withPriority(3),
                  task("stranger", _ -> 1).withPriority(4)));
      assertThat(refs.get(0).await(ctx).state()).isEqualTo(State.FAILED);
      var child = (Outcome.Cancelled) refs.get(1).await(ctx);
      assertThat(child.reason().getCause()).hasMessage("its parent is failed: parent");
      assertThat(refs.get(2).await(ctx).state()).isEqualTo(State.CANCELLED);
      assertThat(refs.get(3).await(ctx).state()).isEqualTo(State.COMPLETED);
    }
    assertThat(trail.namesOf(TaskEvent.Started.class)).containsExactly("parent", "stranger");
  }

  @Test
  void aChildByNameGoesOnWhenItsParentHasCompleted() throws Exception {
    try (TaskProcessor processor = processor(1)) {
      List<TaskRef> refs =
          processor.submitAll(
              List.of(
                  task("parent", _ -> 1).withId("p"),
                  task(
                          "child",
                          a -> {
                            a.context().throwIfDone();
                            return 2;
                          })
                      .withParent("p")
                      .withPriority(2)));
      assertThat(refs.get(1).await(ctx)).isEqualTo(new Outcome.Completed(2));
    }
  }
}
