package dev.lanyard.proofs.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.tasks.RefusedException.Reason;
import dev.lanyard.tasks.Sleep;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is accepted, and what is refused for which reason. */
interface SubmittingContract extends Contract {
  @Test
  @DisplayName("issue 6, submit: all tasks are accepted or none")
  default void allOrNone() throws Exception {
    try (Subject subject = open()) {
      Task first = subject.task("first", _ -> 1);
      Task second = subject.task("second", _ -> 2);
      assertThat(refusal(subject, first, second, first)).isEqualTo(Reason.DUPLICATE_ID);
      assertThat(subject.isLive(first.id())).isFalse();
      assertThat(subject.isLive(second.id())).isFalse();
      assertThat(refusal(subject, first, second)).as("nothing was left of it").isNull();
      assertThat(subject.await(first.id()).result()).isEqualTo("1");
      assertThat(subject.await(second.id()).result()).isEqualTo("2");
      assertThat(subject.trail().ended("first")).containsExactly("started 1", "completed");
    }
  }

  @Test
  @DisplayName("issue 6, submit: an id is refused while its task lives and after it has ended")
  default void idsAreUnique() throws Exception {
    try (Subject subject = open()) {
      var go = new CountDownLatch(1);
      Task task = subject.task("one", _ -> awaited(go));
      subject.submit(task);
      assertThat(refusal(subject, task)).isEqualTo(Reason.DUPLICATE_ID);
      go.countDown();
      assertThat(subject.await(task.id()).state()).isEqualTo(State.COMPLETED);
      assertThat(refusal(subject, task)).isEqualTo(Reason.DUPLICATE_ID);
    }
  }

  @Test
  @DisplayName("issue 6, submit: unknown kinds, wrong payloads and timeouts too long are refused")
  default void whatNobodyCouldRunIsRefused() {
    try (Subject subject = open()) {
      Task task = subject.task("never", _ -> "ran");
      assertThat(refusal(subject, Task.of("strange", "no such kind", "payload")))
          .isEqualTo(Reason.UNKNOWN_KIND);
      String kind = subject.script().kind.name();
      assertThat(refusal(subject, Task.of("wrong", kind, new Sleep(Duration.ZERO))))
          .isEqualTo(Reason.WRONG_PAYLOAD);
      assertThat(refusal(subject, task.withTimeout(AMPLE.plusMillis(1))))
          .isEqualTo(Reason.TIMEOUT_TOO_LONG);
      assertThat(refusal(subject, task.withTimeout(AMPLE))).isNull();
    }
  }

  @Test
  @DisplayName(
      "issue 6, submit: a parent must be known, and must not have ended without completing")
  default void parentsAreChecked() throws Exception {
    try (Subject subject = open()) {
      Task child = subject.task("child", _ -> "ran");
      assertThat(refusal(subject, child.withParent("nobody"))).isEqualTo(Reason.PARENT_UNKNOWN);
      Task failed = subject.task("failed", _ -> fail("on purpose"));
      assertThat(subject.run(failed).state()).isEqualTo(State.FAILED);
      assertThat(refusal(subject, child.withParent(failed.id()))).isEqualTo(Reason.PARENT_ENDED);
      Task completed = subject.task("completed", _ -> null);
      assertThat(subject.run(completed).state()).isEqualTo(State.COMPLETED);
      Task late = child.withParent(completed.id());
      assertThat(refusal(subject, late)).isNull();
      assertThat(subject.await(late.id()).result()).isIn("ran", "\"ran\"");
    }
  }

  @Test
  @DisplayName("issue 6, submit: in one call a parent may come before its children, not after them")
  default void parentsComeFirst() throws Exception {
    try (Subject subject = open()) {
      Task parent = subject.task("parent", _ -> null);
      Task child = subject.task("child", _ -> 7).withParent(parent.id());
      assertThat(refusal(subject, child, parent)).isEqualTo(Reason.PARENT_UNKNOWN);
      assertThat(refusal(subject, parent, child)).isNull();
      assertThat(subject.await(child.id()).result()).isEqualTo("7");
    }
  }

  static Object awaited(CountDownLatch latch) throws InterruptedException {
    latch.await();
    return null;
  }

  static Object fail(String why) {
    throw new IllegalStateException(why);
  }
}
