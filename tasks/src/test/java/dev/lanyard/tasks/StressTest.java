package dev.lanyard.tasks;

import static dev.lanyard.tasks.TaskProcessorTest.WORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random tasks, cancelled at random: every one has one end, and nothing is left. */
class StressTest {
  private static final int WORKERS = 4;
  private static final int TASKS = 400;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everyTaskEndsOnceAndNothingStaysLinked(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    RootContext root = Context.root(TimeSource.system());
    List<TaskEvent> events = Collections.synchronizedList(new ArrayList<>());
    var working = new AtomicInteger();
    var most = new AtomicInteger();
    try (CancellableContext above = root.withCancel();
        TaskProcessor processor =
            TaskProcessor.in(
                above, s -> s.withWorkers(WORKERS).withKind(WORK).withListener(events::add))) {
      List<TaskRef> refs = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        Task task =
            random(random, working, most)
                .withId("s" + i)
                .withParent(i % 7 == 6 ? "s" + (i - 1) : null);
        try {
          refs.add(processor.submit(task));
        } catch (RefusedException parentEndedMeanwhile) {
          assertThat(parentEndedMeanwhile).hasMessageContaining("its parent");
        }
        if (random.nextInt(5) == 0) refs.get(random.nextInt(refs.size())).cancel(null);
      }
      for (TaskRef ref : refs.subList(0, TASKS / 4)) ref.await(Context.background());
      if (random.nextBoolean()) above.cancel();
      for (TaskRef ref : refs) {
        assertThat(ref.await(Context.background()).state()).isEqualTo(ref.state());
        assertThat(ref.state().isTerminal()).isTrue();
      }
      Stats stats = processor.stats();
      assertThat(stats.count(State.RUNNING) + stats.count(State.PENDING)).isZero();
      assertThat(stats.stuck()).isZero();
    }
    assertThat(root.listening()).isEmpty();
    assertThat(most.get()).isBetween(1, WORKERS);
    checkStories(events);
  }

  private static Task random(SplittableRandom random, AtomicInteger working, AtomicInteger most) {
    int nanos = random.nextInt(1, 400_000);
    int what = random.nextInt(10);
    TaskProcessorTest.Work work =
        attempt -> {
          work(working, most);
          switch (what) {
            case 0 -> throw new IOException("at random");
            case 1, 2 -> {
              TaskRef child =
                  attempt.fork(TaskProcessorTest.task("child", a -> nap(a, nanos, working, most)));
              return child.await(attempt.context());
            }
            case 3 -> attempt.context().await();
            case 4 -> {
              for (int i = 0; i < 3; i++) {
                attempt.fork(TaskProcessorTest.task("child", a -> nap(a, nanos, working, most)));
              }
            }
            default -> nap(attempt, nanos, working, most);
          }
          return null;
        };
    return TaskProcessorTest.task("task", work)
        .withPriority(random.nextInt(1, 4))
        .withTimeout(Duration.ofMillis(random.nextInt(1, 20)))
        .withRetry(new Retry(random.nextInt(1, 4), Duration.ofMillis(1), Duration.ofMillis(2)));
  }

  private static boolean nap(Attempt attempt, int nanos, AtomicInteger working, AtomicInteger most)
      throws InterruptedException {
    work(working, most);
    attempt.context().sleep(Duration.ofNanos(nanos));
    return true;
  }

  private static void work(AtomicInteger working, AtomicInteger most) {
    most.accumulateAndGet(working.incrementAndGet(), Math::max);
    for (int i = 0; i < 50; i++) Thread.onSpinWait();
    working.decrementAndGet();
  }

  /** Each story follows the states, from the queue to one end. */
  private static void checkStories(List<TaskEvent> events) {
    Map<String, State> states = new HashMap<>();
    for (TaskEvent event : events) {
      String id = event.task().id();
      State before = states.get(id);
      if (event instanceof TaskEvent.Queued) {
        assertThat(before).isNull();
        states.put(id, State.PENDING);
        continue;
      }
      assertThat(before).isNotNull();
      if (before == null) return;
      State.Change change =
          switch (event) {
            case TaskEvent.Started _ -> State.Change.START;
            case TaskEvent.Retrying _ -> State.Change.RETRY;
            case TaskEvent.Finished finished ->
                switch (finished.outcome()) {
                  case Outcome.Completed _ -> State.Change.COMPLETE;
                  case Outcome.Failed _ -> State.Change.FAIL;
                  case Outcome.Cancelled _ -> State.Change.CANCEL;
                  case Outcome.TimedOut _ -> State.Change.TIME_OUT;
                };
            default -> null;
          };
      if (change != null) states.put(id, before.on(change));
    }
    assertThat(states).hasSizeGreaterThan(TASKS / 2);
    assertThat(states.values()).allMatch(State::isTerminal);
  }
}
