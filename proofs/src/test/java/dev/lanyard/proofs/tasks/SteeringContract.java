package dev.lanyard.proofs.tasks;

import static dev.lanyard.proofs.tasks.StoppingContract.untilTheEnd;
import static dev.lanyard.proofs.tasks.StoreContract.refusal;
import static dev.lanyard.proofs.tasks.SubmittingContract.awaited;
import static dev.lanyard.proofs.tasks.SubmittingContract.fail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.durable.Cancellation;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.Submission;
import dev.lanyard.durable.TaskFilter;
import dev.lanyard.tasks.RefusedException.Reason;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Cancelling, extending, running again, pausing, from outside. */
interface SteeringContract extends StoreContract {
  @Test
  @DisplayName(
      "issue 6, cancel: who asked and why is kept, and refusals say what stands against it")
  default void cancellationIsKept() throws Exception {
    try (StoredSubject node = node()) {
      List<String> seen = new CopyOnWriteArrayList<>();
      Task task = node.task("runs", attempt -> untilTheEnd(attempt.context(), seen));
      node.submit(task);
      Eventually.holds("it runs", () -> seen.contains("begun"));
      store().cancel(task.id(), Cancellation.because("budget").by("ann"));
      StoredTask ended = store().await(dev.lanyard.context.Context.background(), task.id());
      assertThat(ended.state()).isEqualTo(State.CANCELLED);
      assertThat(ended.cancelCause()).isEqualTo("budget");
      assertThat(ended.cancelBy()).isEqualTo("ann");
      assertThat(ended.cancelRequestedAt()).isNotNull();
      assertThat(refusal(() -> store().cancel(task.id(), Cancellation.withoutCause())))
          .isEqualTo(Reason.ENDED);
      assertThat(refusal(() -> store().cancel("nobody", Cancellation.withoutCause())))
          .isEqualTo(Reason.UNKNOWN_TASK);
    }
  }

  @Test
  @DisplayName("issue 6, cancel: all that a filter lets through, with what is below")
  default void cancelAll() {
    var script = new Script();
    List<Submission> some = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Task top = script.task("top", _ -> null);
      some.add(Submission.of(top));
      some.add(Submission.of(script.task("below", _ -> null).withParent(top.id())));
      some.add(Submission.of(script.task("apart", _ -> null)));
    }
    store().submitAll(some);
    TaskFilter mine = TaskFilter.all().ofKind(script.kind.name());
    int cancelled = store().cancelAll(mine.named("top"), Cancellation.because("tidy"));
    assertThat(cancelled).isEqualTo(10);
    assertThat(store().count(mine.in(State.CANCELLED), 100)).isEqualTo(10);
    assertThat(store().count(mine.in(State.PENDING).named("apart"), 100)).isEqualTo(5);
  }

  @Test
  @DisplayName("issue 6, extension: from outside, for critical tasks that run, up to their limit")
  default void extension() throws Exception {
    try (StoredSubject node = node()) {
      var go = new CountDownLatch(1);
      var begun = new AtomicInteger();
      Script.Body body =
          attempt -> {
            begun.incrementAndGet();
            return awaited(go);
          };
      Task critical = node.task("critical", body).withCritical(true);
      Task ordinary = node.task("ordinary", body);
      Task waits = node.task("waits", body).withCritical(true);
      store().submit(Submission.of(critical).longest(Contract.AMPLE.plusSeconds(45)));
      store().submit(Submission.of(ordinary));
      store().submit(Submission.of(waits).at(store().now().plusSeconds(3600)));
      Eventually.holds("both run", () -> begun.get() == 2);
      StoredTask before = store().find(critical.id()).orElseThrow();
      StoredTask after = store().extend(critical.id(), Duration.ofSeconds(30), "bob");
      assertThat(Duration.between(before.deadline(), after.deadline()))
          .isEqualTo(Duration.ofSeconds(30));
      assertThat(refusal(() -> store().extend(critical.id(), Duration.ofSeconds(30), null)))
          .isEqualTo(Reason.BEYOND_LIMIT);
      assertThat(store().find(critical.id()).orElseThrow().deadline()).isEqualTo(after.deadline());
      assertThat(refusal(() -> store().extend(ordinary.id(), Duration.ofSeconds(1), null)))
          .isEqualTo(Reason.NOT_CRITICAL);
      assertThat(refusal(() -> store().extend(waits.id(), Duration.ofSeconds(1), null)))
          .isEqualTo(Reason.NOT_RUNNING);
      assertThat(refusal(() -> store().extend("nobody", Duration.ofSeconds(1), null)))
          .isEqualTo(Reason.UNKNOWN_TASK);
      go.countDown();
      assertThat(node.await(critical.id()).state()).isEqualTo(State.COMPLETED);
      assertThat(refusal(() -> store().extend(critical.id(), Duration.ofSeconds(1), null)))
          .isEqualTo(Reason.ENDED);
    }
  }

  /** On a machine that stalls, the deadline may pass before it is extended: then once more. */
  @Test
  @DisplayName("issue 6, extension: from outside, the body has the time it was given")
  default void extensionIsHeard() throws Exception {
    try (StoredSubject node = node()) {
      Reason refused = Reason.NOT_RUNNING;
      for (int tries = 1; tries <= 10 && refused != null; tries++) {
        Task task =
            node.task(
                    "critical",
                    attempt -> {
                      attempt.context().sleep(Duration.ofMillis(2500));
                      return "in time";
                    })
                .withTimeout(Duration.ofMillis(2000))
                .withCritical(true);
        node.submit(task);
        Eventually.holds("it has begun", () -> node.state(task.id()) != State.PENDING);
        refused = refusal(() -> store().extend(task.id(), Contract.AMPLE, null));
        assertThat(refused).isIn(null, Reason.NOT_RUNNING, Reason.ENDED);
        assertThat(node.await(task.id()).state())
            .isEqualTo(refused == null ? State.COMPLETED : State.TIMED_OUT);
      }
      assertThat(refused).as("always too late").isNull();
    }
  }

  @Test
  @DisplayName("issue 6, dead letters: another life counts its attempts anew")
  default void rerun() throws Exception {
    try (StoredSubject node = node()) {
      var works = new AtomicBoolean();
      Task task = node.task("dead", attempt -> works.get() ? attempt.number() : fail("broken"));
      assertThat(node.run(task).state()).isEqualTo(State.FAILED);
      assertThat(refusal(() -> store().rerun("nobody"))).isEqualTo(Reason.UNKNOWN_TASK);
      works.set(true);
      StoredTask again = store().rerun(task.id());
      assertThat(again.state()).isEqualTo(State.PENDING);
      assertThat(node.await(task.id()).result()).isEqualTo("1");
      StoredTask ended = store().find(task.id()).orElseThrow();
      assertThat(ended.state()).isEqualTo(State.COMPLETED);
      assertThat(ended.error()).isNull();
      assertThat(refusal(() -> store().rerun(task.id()))).isEqualTo(Reason.NOT_RUN_AGAIN);
    }
  }

  @Test
  @DisplayName(
      "issue 6, dead letters: all that a filter lets through; keys and parents still count")
  default void rerunAll() throws Exception {
    try (StoredSubject node = node()) {
      var works = new AtomicBoolean();
      Script.Body body = _ -> works.get() ? 1 : fail("broken");
      List<Task> dead = new ArrayList<>();
      for (int i = 0; i < 5; i++) dead.add(node.task("dead", body));
      Task keyed = node.task("keyed", body);
      String key = keyed.id() + "-key";
      node.submitAll(dead);
      store().submit(Submission.of(keyed).unique(key));
      for (Task task : dead) assertThat(node.await(task.id()).state()).isEqualTo(State.FAILED);
      assertThat(node.await(keyed.id()).state()).isEqualTo(State.FAILED);
      Task holder = node.task("holder", _ -> null);
      store().submit(Submission.of(holder).unique(key).at(store().now().plusSeconds(3600)));
      works.set(true);
      assertThat(refusal(() -> store().rerun(keyed.id()))).isEqualTo(Reason.DUPLICATE_KEY);
      TaskFilter mine = TaskFilter.all().ofKind(node.script().kind.name());
      assertThat(store().rerunAll(mine)).isEqualTo(5);
      for (Task task : dead) assertThat(node.await(task.id()).state()).isEqualTo(State.COMPLETED);
      assertThat(node.state(keyed.id())).isEqualTo(State.FAILED);
    }
  }

  @Test
  @DisplayName("issue 6, limits: of a kind no more run at once than its limit, others do meanwhile")
  default void limitsOfKinds() throws Exception {
    var other = new Script();
    var limited = new Script();
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var go = new CountDownLatch(1);
    try (StoredSubject node =
        node(
            Setup.USUAL.withWorkers(4),
            s -> s.withKind(other.kind).withKind(limited.kind).withLimit(limited.kind.name(), 2))) {
      List<Submission> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        tasks.add(
            Submission.of(
                limited.task(
                    "limited",
                    _ -> {
                      most.accumulateAndGet(running.incrementAndGet(), Math::max);
                      awaited(go);
                      running.decrementAndGet();
                      return null;
                    })));
      }
      store().submitAll(tasks);
      Eventually.holds("two of them run", () -> running.get() == 2);
      Task between = other.task("between", _ -> 1).withPriority(5);
      assertThat(node.run(between).state()).isEqualTo(State.COMPLETED);
      go.countDown();
      for (Submission each : tasks) {
        assertThat(node.await(each.task().id()).state()).isEqualTo(State.COMPLETED);
      }
      assertThat(most).hasValue(2);
    }
  }

  @Test
  @DisplayName("issue 6, pause: nothing is taken until it ends; what runs goes on")
  default void pause() throws Exception {
    // All nodes of a database stop: not that of the other tests.
    Place place = Place.fresh(place().engine());
    try (Database database = place.open();
        var node =
            new StoredSubject(dev.lanyard.context.Context.background(), database, Setup.USUAL)) {
      var go = new CountDownLatch(1);
      Task runs = node.task("runs", _ -> awaited(go));
      node.submit(runs);
      Eventually.holds("it runs", () -> node.state(runs.id()) == State.RUNNING);
      assertThat(database.store().paused()).isFalse();
      database.store().pause();
      assertThat(database.store().paused()).isTrue();
      Eventually.holds(
          "the node says so",
          () ->
              database.store().nodes().stream()
                  .allMatch(each -> each.status() == dev.lanyard.durable.Node.Status.PAUSED));
      // A look for tasks that began before it heard of the pause may still be under way.
      beat(database);
      Task waits = node.task("waits", _ -> 1);
      node.submit(waits);
      go.countDown();
      assertThat(node.await(runs.id()).state()).isEqualTo(State.COMPLETED);
      beat(database);
      assertThat(node.state(waits.id())).isEqualTo(State.PENDING);
      database.store().resume();
      assertThat(node.await(waits.id()).state()).isEqualTo(State.COMPLETED);
    }
  }

  /**
   * Twice: between two beats the only node looks for tasks several times, from its beginning on.
   */
  private static void beat(Database database) {
    for (int beat = 0; beat < 2; beat++) {
      Instant last = database.store().nodes().getFirst().heartbeatAt();
      Eventually.holds(
          "the node goes on",
          () -> database.store().nodes().getFirst().heartbeatAt().isAfter(last));
    }
  }
}
