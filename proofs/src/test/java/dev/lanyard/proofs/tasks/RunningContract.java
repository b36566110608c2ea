package dev.lanyard.proofs.tasks;

import static dev.lanyard.proofs.tasks.SubmittingContract.awaited;
import static dev.lanyard.proofs.tasks.SubmittingContract.fail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskEvent;
import dev.lanyard.tasks.TaskProcessor;
import dev.lanyard.testing.Eventually;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Starting, progress, and results. */
interface RunningContract extends Contract {
  @Test
  @DisplayName("issue 6, run: a task starts, tells its progress and completes with its result")
  default void aTaskAndItsStory() throws Exception {
    try (Subject subject = open()) {
      Task task =
          subject.task(
              "sum",
              attempt -> {
                attempt.progress(50);
                attempt.progress(50);
                attempt.note("nearly there");
                attempt.progress(80);
                return 42;
              });
      assertThat(subject.run(task)).isEqualTo(new Ended(State.COMPLETED, "42", null));
      assertThat(subject.state(task.id())).isEqualTo(State.COMPLETED);
      assertThat(subject.progress(task.id())).isEqualTo(100);
      assertThat(subject.trail().ended("sum"))
          .containsExactly("started 1", "50%", "80%", "completed");
    }
  }

  @Test
  @DisplayName("issue 6, run: a handler sees its task, its context, a virtual thread, the request")
  default void whatAHandlerSees() throws Exception {
    try (Subject subject = open()) {
      var seen = new ArrayList<Object>();
      Task task =
          subject.task(
              "look",
              attempt -> {
                seen.add(attempt.task().id());
                seen.add(attempt.number());
                seen.add(Thread.currentThread().isVirtual());
                seen.add(Context.current() == attempt.context());
                seen.add(String.valueOf(attempt.context().value(TaskProcessor.REQUEST_ID)));
                seen.add(attempt.context().remaining().compareTo(AMPLE) <= 0);
                return null;
              });
      assertThat(subject.run(task).state()).isEqualTo(State.COMPLETED);
      assertThat(seen).containsExactly(task.id(), 1, true, true, Setup.USUAL.requestId(), true);
    }
  }

  @Test
  @DisplayName("issue 6, run: progress can be seen while the task runs, and cannot go back")
  default void progressIsSeen() throws Exception {
    try (Subject subject = open()) {
      var go = new CountDownLatch(1);
      Task task =
          subject.task(
              "half",
              attempt -> {
                attempt.progress(50);
                awaited(go);
                attempt.progress(49);
                return null;
              });
      subject.submit(task);
      Eventually.holds("half is seen", () -> subject.progress(task.id()) == 50);
      assertThat(subject.state(task.id())).isEqualTo(State.RUNNING);
      go.countDown();
      Ended ended = subject.await(task.id());
      assertThat(ended.state()).isEqualTo(State.FAILED);
      assertThat(ended.why()).contains("50").contains("49");
    }
  }

  @Test
  @DisplayName("issue 6, run: what a handler throws is the failure of the task")
  default void failure() throws Exception {
    try (Subject subject = open()) {
      Ended ended = subject.run(subject.task("bad", _ -> fail("no paper")));
      assertThat(ended.state()).isEqualTo(State.FAILED);
      assertThat(ended.why()).contains("no paper");
      assertThat(subject.trail().ended("bad")).containsExactly("started 1", "failed");
    }
  }

  @Test
  @DisplayName("issue 6, priorities: the most urgent first")
  default void strictPriority() throws Exception {
    try (Subject subject = open(Setup.USUAL.withWorkers(1))) {
      var begun = new CountDownLatch(1);
      var go = new CountDownLatch(1);
      subject.submit(
          subject.task(
              "first",
              _ -> {
                begun.countDown();
                return awaited(go);
              }));
      begun.await();
      var random = new Random(6);
      List<Task> tasks = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int priority = 1 + random.nextInt(5);
        tasks.add(subject.task(priority + "/" + i, _ -> null).withPriority(priority));
      }
      subject.submitAll(tasks);
      go.countDown();
      for (Task task : tasks) subject.await(task.id());
      List<String> started = subject.trail().namesOf(TaskEvent.Started.class);
      assertThat(started).hasSize(41).startsWith("first");
      // Equal ones need not keep their order: stores have whole milliseconds.
      assertThat(started.stream().skip(1).map(name -> name.charAt(0)).toList()).isSorted();
    }
  }

  @Test
  @DisplayName("issue 6, run: all workers are used, and never more tasks run at once")
  default void asManyAsThereAreWorkers() throws Exception {
    try (Subject subject = open(Setup.USUAL.withWorkers(4))) {
      var running = new AtomicInteger();
      var most = new AtomicInteger();
      var together = new CyclicBarrier(4);
      List<Task> tasks = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        tasks.add(
            subject.task(
                "t" + i,
                _ -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  together.await();
                  running.decrementAndGet();
                  return null;
                }));
      }
      Collections.shuffle(tasks, new Random(6));
      subject.submitAll(tasks);
      for (Task task : tasks) {
        assertThat(subject.await(task.id()).state()).isEqualTo(State.COMPLETED);
      }
      assertThat(most).hasValue(4);
    }
  }
}
