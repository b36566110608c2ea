package dev.lanyard.proofs.tasks;

import static dev.lanyard.proofs.tasks.StoreContract.refusal;
import static dev.lanyard.proofs.tasks.SubmittingContract.awaited;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.Context;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.Submission;
import dev.lanyard.durable.Trace;
import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.RefusedException.Reason;
import dev.lanyard.tasks.Retry;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskEvent;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What only a store can promise about what it accepts. */
interface SubmissionContract extends StoreContract {
  @Test
  @DisplayName("issue 6, store: everything about a task is kept")
  default void everythingIsKept() {
    var script = new Script();
    Task parent = script.task("parent", _ -> null);
    Task task =
        script
            .task("the name", _ -> null)
            .withPriority(7)
            .withTimeout(Duration.ofMillis(1234))
            .withRetry(new Retry(4, Duration.ofMillis(11), Duration.ofMillis(2222)))
            .withCritical(true)
            .withParent(parent.id());
    var trace =
        new Trace("req-1", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=b", "c=d");
    Instant before = store().now();
    Instant at = before.plusSeconds(3600);
    store().submit(Submission.of(parent));
    StoredTask answer =
        store().submit(Submission.of(task).at(at).unique("key-" + task.id()).in(trace));
    StoredTask kept = store().find(task.id()).orElseThrow();
    assertThat(kept).isEqualTo(answer);
    assertThat(kept.name()).isEqualTo("the name");
    assertThat(kept.kind()).isEqualTo(script.kind.name());
    assertThat(kept.payload()).isEqualTo("{\"of\":\"" + task.id() + "\"}");
    assertThat(kept.state()).isEqualTo(State.SCHEDULED);
    assertThat(kept.priority()).isEqualTo(7);
    assertThat(kept.critical()).isTrue();
    assertThat(kept.parent()).isEqualTo(parent.id());
    assertThat(kept.root()).isEqualTo(parent.id());
    assertThat(kept.attempt()).isZero();
    assertThat(kept.retry()).isEqualTo(task.retry());
    assertThat(kept.timeout()).isEqualTo(task.timeout());
    assertThat(kept.trace()).isEqualTo(trace);
    assertThat(kept.uniqueKey()).isEqualTo("key-" + task.id());
    assertThat(kept.runAt().toEpochMilli()).isEqualTo(at.toEpochMilli());
    assertThat(kept.createdAt()).isBetween(before.minusMillis(1), store().now().plusMillis(1));
    assertThat(List.of(kept.progress(), kept.children())).containsOnly(0);
    assertThat(kept.startedAt()).isNull();
    assertThat(kept.finishedAt()).isNull();
    assertThat(kept.deadline()).isNull();
    assertThat(kept.result()).isNull();
    assertThat(store().find(parent.id()).orElseThrow().children()).isEqualTo(1);
  }

  @Test
  @DisplayName("issue 6, scheduled start: not before its moment, and soon after it")
  default void scheduled() throws Exception {
    try (StoredSubject node = node()) {
      var started = new AtomicReference<Instant>();
      Task task =
          node.task(
              "later",
              _ -> {
                started.set(store().now());
                return null;
              });
      Instant at = store().now().plusMillis(700);
      store().submit(Submission.of(task).at(at));
      assertThat(node.await(task.id()).state()).isEqualTo(State.COMPLETED);
      assertThat(started.get()).isAfterOrEqualTo(at.minusMillis(1));
      Task never = node.task("never", _ -> "ran");
      StoredTask accepted = store().submit(Submission.of(never).at(at.plusSeconds(3600)));
      assertThat(accepted.state()).isEqualTo(State.SCHEDULED);
      assertThat(node.cancel(never.id(), null)).isTrue();
      assertThat(node.await(never.id()).state()).isEqualTo(State.CANCELLED);
      assertThat(node.trail().namesOf(TaskEvent.Started.class)).containsExactly("later");
    }
  }

  @Test
  @DisplayName("issue 6, unique keys: refused while its holder lives, free when it has ended")
  default void uniqueKeys() throws Exception {
    try (StoredSubject node = node()) {
      var go = new CountDownLatch(1);
      Task first = node.task("first", _ -> awaited(go));
      Task second = node.task("second", _ -> 2);
      String key = first.id() + "-key";
      store().submit(Submission.of(first).unique(key));
      assertThatThrownBy(() -> store().submit(Submission.of(second).unique(key)))
          .isInstanceOfSatisfying(
              RefusedException.class,
              refused -> {
                assertThat(refused.reason()).isEqualTo(Reason.DUPLICATE_KEY);
                assertThat(refused.other()).isEqualTo(first.id());
              });
      assertThat(store().find(second.id())).isEmpty();
      go.countDown();
      assertThat(node.await(first.id()).state()).isEqualTo(State.COMPLETED);
      store().submit(Submission.of(second).unique(key));
      assertThat(node.await(second.id()).result()).isEqualTo("2");
    }
  }

  @Test
  @DisplayName("issue 6, transactions of the caller: tasks exist if he commits, and only then")
  default void transactionsOfTheCaller() throws Exception {
    try (StoredSubject node = node();
        Connection connection = place().connect()) {
      Task undone = node.task("undone", _ -> "ran");
      Task done = node.task("done", _ -> 1);
      connection.setAutoCommit(false);
      store().submit(connection, List.of(Submission.of(undone)));
      connection.rollback();
      assertThat(store().find(undone.id())).isEmpty();
      store().submit(connection, List.of(Submission.of(done)));
      assertThat(refusal(() -> store().submit(connection, List.of(Submission.of(done)))))
          .isEqualTo(Reason.DUPLICATE_ID);
      connection.commit();
      assertThat(node.await(done.id()).state()).isEqualTo(State.COMPLETED);
      connection.setAutoCommit(true);
      assertThatThrownBy(() -> store().submit(connection, List.of(Submission.of(undone))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(node.trail().namesOf(TaskEvent.Started.class)).containsExactly("done");
    }
  }

  @Test
  @DisplayName("issue 6, traces: request id and W3C headers reach the attempt")
  default void traces() throws Exception {
    try (StoredSubject node = node()) {
      var seen = new AtomicReference<Trace>();
      Task task =
          node.task(
              "traced",
              attempt -> {
                seen.set(Trace.of(attempt.context()));
                return null;
              });
      var trace =
          new Trace(
              "req-2", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=b", "c=d");
      store().submit(Submission.of(task).in(trace));
      assertThat(node.await(task.id()).state()).isEqualTo(State.COMPLETED);
      assertThat(seen.get()).isEqualTo(trace);
    }
  }

  @Test
  @DisplayName("issue 6, store: a tree has a depth beyond which it takes no more")
  default void tooDeep() {
    var script = new Script();
    String parent = null;
    Reason reason = null;
    int depth = 0;
    while (reason == null && depth < 200) {
      Task task = script.task("deep", _ -> null).withParent(parent);
      reason = refusal(() -> store().submit(Submission.of(task)));
      if (reason == null) depth++;
      parent = task.id();
    }
    assertThat(reason).isEqualTo(Reason.TOO_DEEP);
    assertThat(depth).isEqualTo(32);
  }

  @Test
  @DisplayName("issue 6, await: ends with its context, and refuses what nobody knows")
  default void await() {
    Task task = new Script().task("waits", _ -> null);
    store().submit(Submission.of(task));
    try (var ctx = Context.background().withTimeout(Duration.ofMillis(50))) {
      assertThatThrownBy(() -> store().await(ctx, task.id()))
          .isInstanceOf(dev.lanyard.context.DeadlineExceededException.class);
    }
    assertThat(refusal(() -> store().await(Context.background(), "nobody")))
        .isEqualTo(Reason.UNKNOWN_TASK);
    assertThat(store().find(task.id()).orElseThrow().state()).isEqualTo(State.PENDING);
  }
}
