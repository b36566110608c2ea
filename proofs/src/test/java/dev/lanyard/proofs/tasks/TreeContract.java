package dev.lanyard.proofs.tasks;

import static dev.lanyard.proofs.tasks.StoppingContract.untilTheEnd;
import static dev.lanyard.proofs.tasks.SubmittingContract.awaited;
import static dev.lanyard.proofs.tasks.SubmittingContract.fail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.tasks.Outcome;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskEvent;
import dev.lanyard.tasks.TaskRef;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Parents, children and forks. */
interface TreeContract extends Contract {
  @Test
  @DisplayName(
      "issue 6, tree: a cancel reaches everything below, running or waiting, and nothing else")
  default void cancelOfATree() throws Exception {
    try (Subject subject = open(Setup.USUAL.withWorkers(2))) {
      List<String> seen = new CopyOnWriteArrayList<>();
      Task top = subject.task("top", attempt -> untilTheEnd(attempt.context(), seen));
      Task child =
          subject
              .task("child", attempt -> untilTheEnd(attempt.context(), seen))
              .withParent(top.id());
      Task grandchild = subject.task("grandchild", _ -> "ran").withParent(child.id());
      Task stranger = subject.task("stranger", _ -> 1).withPriority(9);
      subject.submitAll(List.of(top, child, grandchild, stranger));
      Eventually.holds("both run", () -> seen.equals(List.of("begun", "begun")));
      assertThat(subject.cancel(top.id(), "whole tree")).isTrue();
      for (Task task : List.of(top, child, grandchild)) {
        assertThat(subject.await(task.id()).state()).as(task.name()).isEqualTo(State.CANCELLED);
      }
      assertThat(subject.await(stranger.id()).state()).isEqualTo(State.COMPLETED);
      assertThat(seen).hasSize(4);
      assertThat(subject.trail().namesOf(TaskEvent.Started.class)).doesNotContain("grandchild");
    }
  }

  @Test
  @DisplayName("issue 6, tree: cancelling a child leaves its parent and its siblings alone")
  default void cancelOfAChild() throws Exception {
    try (Subject subject = open()) {
      var go = new CountDownLatch(1);
      Task parent = subject.task("parent", _ -> awaited(go));
      Task child = subject.task("child", _ -> awaited(go)).withParent(parent.id());
      Task sibling = subject.task("sibling", _ -> awaited(go)).withParent(parent.id());
      subject.submitAll(List.of(parent, child, sibling));
      Eventually.holds("it runs", () -> subject.state(child.id()) == State.RUNNING);
      assertThat(subject.cancel(child.id(), null)).isTrue();
      assertThat(subject.await(child.id()).state()).isEqualTo(State.CANCELLED);
      go.countDown();
      assertThat(subject.await(parent.id()).state()).isEqualTo(State.COMPLETED);
      assertThat(subject.await(sibling.id()).state()).isEqualTo(State.COMPLETED);
    }
  }

  @Test
  @DisplayName("issue 6, tree: a parent that fails or times out takes its children with it")
  default void aParentThatDoesNotComplete() throws Exception {
    try (Subject subject = open(Setup.USUAL.withWorkers(1))) {
      var go = new CountDownLatch(1);
      Task fails =
          subject.task(
              "fails",
              _ -> {
                awaited(go);
                return fail("on purpose");
              });
      Task orphan = subject.task("orphan", _ -> "ran").withParent(fails.id()).withPriority(2);
      Task below = subject.task("below", _ -> "ran").withParent(orphan.id()).withPriority(2);
      subject.submitAll(List.of(fails, orphan, below));
      go.countDown();
      assertThat(subject.await(fails.id()).state()).isEqualTo(State.FAILED);
      assertThat(subject.await(orphan.id()).state()).isEqualTo(State.CANCELLED);
      assertThat(subject.await(below.id()).state()).isEqualTo(State.CANCELLED);
      Task slow =
          subject
              .task("slow", _ -> awaited(new CountDownLatch(1)))
              .withTimeout(StoppingContract.SHORT);
      Task waits = subject.task("waits", _ -> "ran").withParent(slow.id()).withPriority(2);
      subject.submitAll(List.of(slow, waits));
      assertThat(subject.await(slow.id()).state()).isEqualTo(State.TIMED_OUT);
      assertThat(subject.await(waits.id()).state()).isEqualTo(State.CANCELLED);
      assertThat(subject.trail().namesOf(TaskEvent.Started.class)).containsExactly("fails", "slow");
    }
  }

  @Test
  @DisplayName("issue 6, fork: one worker is enough for tasks that wait for what they forked")
  default void forks() throws Exception {
    try (Subject subject = open(Setup.USUAL.withWorkers(1))) {
      Task parent =
          subject.task(
              "parent",
              attempt -> {
                TaskRef left = attempt.fork(subject.task("left", _ -> 20));
                TaskRef right = attempt.fork(subject.task("right", _ -> 22));
                return number(left.await(attempt.context()))
                    + number(right.await(attempt.context()));
              });
      assertThat(subject.run(parent)).isEqualTo(new Ended(State.COMPLETED, "42", null));
    }
  }

  private static int number(Outcome outcome) {
    return outcome instanceof Outcome.Completed(var result) && result != null
        ? Integer.parseInt(result.toString())
        : -1000;
  }

  @Test
  @DisplayName("issue 6, fork: ends at its parent's deadline; its failure is its own")
  default void forksAreBoundAndApart() throws Exception {
    try (Subject subject = open()) {
      Task parent =
          subject
              .task(
                  "parent",
                  attempt -> {
                    TaskRef fails = attempt.fork(subject.task("fails", _ -> fail("alone")));
                    State ended = fails.await(attempt.context()).state();
                    TaskRef timed =
                        attempt.fork(
                            subject.task(
                                "timed",
                                below ->
                                    below.context().remaining().compareTo(Duration.ofSeconds(3))
                                        <= 0));
                    return ended + " " + timed.await(attempt.context()).state();
                  })
              .withTimeout(Duration.ofSeconds(3));
      assertThat(subject.run(parent).result()).contains("failed completed");
      assertThat(subject.trail().ended("timed")).containsExactly("started 1", "completed");
    }
  }

  @Test
  @DisplayName("issue 6, fork: is cancelled with its parent")
  default void forksEndWithTheirParent() throws Exception {
    try (Subject subject = open()) {
      List<String> seen = new CopyOnWriteArrayList<>();
      Task child = subject.task("child", below -> untilTheEnd(below.context(), seen));
      Task parent =
          subject.task(
              "parent", attempt -> attempt.fork(child).await(attempt.context()).toString());
      subject.submit(parent);
      Eventually.holds("the child runs", () -> seen.contains("begun"));
      assertThat(subject.cancel(parent.id(), "stop")).isTrue();
      assertThat(subject.await(parent.id()).state()).isEqualTo(State.CANCELLED);
      Eventually.holds("the child has left", () -> seen.size() == 2);
      assertThat(seen).containsExactly("begun", "context canceled/stop");
      Eventually.holds(
          "it is told",
          () -> subject.trail().of("child").equals(List.of("started 1", "cancelled")));
    }
  }
}
