package dev.lanyard.durable;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.Context;
import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.Retry;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskHandler;
import dev.lanyard.tasks.TaskKind;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("issue 6: tasks in a database, from submission to their end")
class VerticalTest {
  record Work(String text) {}

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static TaskKind<Work> kind(String name, TaskHandler<Work> handler) {
    return new TaskKind<>(name, Work.class, handler);
  }

  private static Task task(String name) {
    return Task.of(name, "work", new Work(name)).withTimeout(Duration.ofSeconds(20));
  }

  private static DurableProcessor start(Database database, TaskHandler<Work> handler) {
    return start(database, handler, settings -> settings);
  }

  private static DurableProcessor start(
      Database database, TaskHandler<Work> handler, UnaryOperator<DurableSettings> more) {
    return DurableProcessor.start(
        Context.background(),
        database,
        settings ->
            more.apply(
                settings
                    .withMaxTimeout(Duration.ofSeconds(20))
                    .withOnlyKinds(kind("work", handler))));
  }

  private static StoredTask await(TaskStore store, String id) throws InterruptedException {
    try (var patience = Context.background().withTimeout(PATIENCE)) {
      return store.await(patience, id);
    }
  }

  /** The node goes on, and looks for tasks several times. */
  private static void beatsOnce(TaskStore store) {
    Instant beat = store.nodes().getFirst().heartbeatAt();
    Eventually.holds("the node beats", () -> store.nodes().getFirst().heartbeatAt().isAfter(beat));
  }

  private static List<StoredEvent.Type> types(TaskStore store, String id) {
    return store.story(id).stream().map(StoredEvent::type).toList();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a task is submitted, claimed, run and completes with its result")
  void completes(Databases where) throws Exception {
    try (Database database = where.newPlace().open();
        DurableProcessor node =
            start(database, (attempt, work) -> List.of(work.text(), attempt.number()))) {
      StoredTask accepted =
          node.submit(Submission.of(task("one")).in(new Trace("req-1", null, null, null)));
      assertThat(accepted.state()).isEqualTo(State.PENDING);
      StoredTask ended = await(node.store(), accepted.id());
      assertThat(ended.state()).isEqualTo(State.COMPLETED);
      assertThat(ended.result()).isEqualTo("[\"one\",1]");
      assertThat(ended.payload()).isEqualTo("{\"text\":\"one\"}");
      assertThat(ended.progress()).isEqualTo(100);
      assertThat(ended.node()).isEqualTo(node.nodeId());
      assertThat(ended.trace().requestId()).isEqualTo("req-1");
      assertThat(types(node.store(), ended.id()))
          .containsExactly(
              StoredEvent.Type.SUBMITTED, StoredEvent.Type.STARTED, StoredEvent.Type.COMPLETED);
      assertThat(node.store().counts().of(State.COMPLETED)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("an attempt that fails is followed by another one, and the last one by FAILED")
  void retries(Databases where) throws Exception {
    var attempts = new AtomicInteger();
    try (Database database = where.newPlace().open();
        DurableProcessor node =
            start(
                database,
                (_, work) -> {
                  if (attempts.incrementAndGet() < 3 || work.text().equals("never")) {
                    throw new IllegalStateException("not yet");
                  }
                  return null;
                })) {
      Retry often = new Retry(3, Duration.ofMillis(20), Duration.ofMillis(50));
      String id = node.submit(Submission.of(task("works").withRetry(often))).id();
      StoredTask ended = await(node.store(), id);
      assertThat(ended.state()).isEqualTo(State.COMPLETED);
      assertThat(ended.attempt()).isEqualTo(3);
      id = node.submit(Submission.of(task("never").withRetry(often))).id();
      ended = await(node.store(), id);
      assertThat(ended.state()).isEqualTo(State.FAILED);
      assertThat(ended.error()).contains("not yet");
      assertThat(types(node.store(), id))
          .containsExactly(
              StoredEvent.Type.SUBMITTED,
              StoredEvent.Type.STARTED,
              StoredEvent.Type.RETRYING,
              StoredEvent.Type.STARTED,
              StoredEvent.Type.RETRYING,
              StoredEvent.Type.STARTED,
              StoredEvent.Type.FAILED);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a task whose deadline passes times out")
  void timesOut(Databases where) throws Exception {
    try (Database database = where.newPlace().open();
        DurableProcessor node =
            start(
                database,
                (attempt, _) -> {
                  attempt.context().await();
                  return null;
                })) {
      String id = node.submit(Submission.of(task("late").withTimeout(Duration.ofMillis(200)))).id();
      StoredTask ended = await(node.store(), id);
      assertThat(ended.state()).isEqualTo(State.TIMED_OUT);
      assertThat(Duration.between(ended.startedAt(), ended.finishedAt()))
          .isGreaterThanOrEqualTo(Duration.ofMillis(195));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("cancelling a task that runs ends its context with the cause, and all below it")
  void cancelsTree(Databases where) throws Exception {
    var running = new CountDownLatch(1);
    var cause = new AtomicReference<Throwable>();
    try (Database database = where.newPlace().open();
        DurableProcessor node =
            start(
                database,
                (attempt, _) -> {
                  running.countDown();
                  try {
                    attempt.context().await();
                  } finally {
                    cause.set(requireNonNull(attempt.context().cause()));
                  }
                  return null;
                },
                settings -> settings.withWorkers(1))) {
      Task root = task("root");
      Task child = task("child").withParent(root.id());
      Task grandchild = task("grandchild").withParent(child.id());
      node.submitAll(List.of(Submission.of(root), Submission.of(child), Submission.of(grandchild)));
      assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
      StoredTask asked =
          node.store().cancel(root.id(), Cancellation.because("no longer wanted").by("Ada"));
      assertThat(asked.cancelRequestedAt()).isNotNull();
      StoredTask ended = await(node.store(), root.id());
      assertThat(ended.state()).isEqualTo(State.CANCELLED);
      assertThat(ended.cancelCause()).isEqualTo("no longer wanted");
      assertThat(ended.cancelBy()).isEqualTo("Ada");
      assertThat(cause.get())
          .isInstanceOf(CancelRequestedException.class)
          .hasMessage("no longer wanted");
      assertThat(node.store().find(child.id()).orElseThrow().state()).isEqualTo(State.CANCELLED);
      assertThat(node.store().find(grandchild.id()).orElseThrow().state())
          .isEqualTo(State.CANCELLED);
      assertThat(node.store().tree(grandchild.id(), 10))
          .extracting(StoredTask::name)
          .containsExactly("root", "child", "grandchild");
      assertThatThrownBy(() -> node.store().cancel(root.id(), Cancellation.withoutCause()))
          .isInstanceOf(RefusedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the deadline of a critical task can be moved while it runs")
  void extendsDeadline(Databases where) throws Exception {
    var running = new CountDownLatch(1);
    try (Database database = where.newPlace().open();
        DurableProcessor node =
            start(
                database,
                (attempt, _) -> {
                  running.countDown();
                  attempt.context().sleep(Duration.ofMillis(1_500));
                  return null;
                })) {
      Task critical = task("critical").withCritical(true).withTimeout(Duration.ofSeconds(1));
      node.submit(Submission.of(critical));
      assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
      StoredTask extended = node.store().extend(critical.id(), Duration.ofSeconds(8), "Ada");
      assertThat(extended.deadline()).isAfter(requireNonNull(extended.startedAt()).plusSeconds(8));
      assertThatThrownBy(() -> node.store().extend(critical.id(), Duration.ofSeconds(8), null))
          .isInstanceOfSatisfying(
              RefusedException.class,
              refused ->
                  assertThat(refused.reason()).isEqualTo(RefusedException.Reason.BEYOND_LIMIT));
      assertThat(await(node.store(), critical.id()).state()).isEqualTo(State.COMPLETED);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("progress is in the database within seconds, and told to listeners")
  void progress(Databases where) throws Exception {
    var seen = new CountDownLatch(1);
    var heard = new CountDownLatch(1);
    try (Database database = where.newPlace().open();
        DurableProcessor node =
            start(
                database,
                (attempt, _) -> {
                  attempt.progress(42);
                  attempt.note("page 17");
                  seen.await();
                  return null;
                });
        var _ =
            database
                .store()
                .listen(
                    0,
                    event -> {
                      if (event.type() == StoredEvent.Type.PROGRESS && event.progress() == 42) {
                        heard.countDown();
                      }
                    })) {
      String id = node.submit(Submission.of(task("progress"))).id();
      Eventually.holds(
          "progress is stored", () -> node.store().find(id).orElseThrow().progress() == 42);
      assertThat(node.store().find(id).orElseThrow().note()).isEqualTo("page 17");
      assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
      seen.countDown();
      assertThat(await(node.store(), id).state()).isEqualTo(State.COMPLETED);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a node that closes puts its tasks back, and another one runs them")
  void shutsDown(Databases where) throws Exception {
    var running = new CountDownLatch(1);
    var cause = new AtomicReference<Throwable>();
    var place = where.newPlace();
    String id;
    try (Database database = place.open()) {
      try (DurableProcessor node =
          start(
              database,
              (attempt, _) -> {
                running.countDown();
                try {
                  attempt.context().await();
                } finally {
                  cause.set(requireNonNull(attempt.context().cause()));
                }
                return null;
              })) {
        id = node.submit(Submission.of(task("interrupted"))).id();
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(cause.get()).isInstanceOf(ShuttingDownException.class);
      StoredTask waiting = database.store().find(id).orElseThrow();
      assertThat(waiting.state()).isEqualTo(State.PENDING);
      assertThat(waiting.attempt()).isZero();
    }
    try (Database database = place.open();
        DurableProcessor node = start(database, (_, _) -> "done")) {
      StoredTask ended = await(node.store(), id);
      assertThat(ended.state()).isEqualTo(State.COMPLETED);
      assertThat(ended.attempt()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a task that is scheduled starts when its time has come")
  void scheduled(Databases where) throws Exception {
    try (Database database = where.newPlace().open();
        DurableProcessor node = start(database, (_, _) -> null)) {
      Instant at = node.store().now().plusMillis(700);
      StoredTask accepted = node.submit(Submission.of(task("later")).at(at));
      assertThat(accepted.state()).isEqualTo(State.SCHEDULED);
      StoredTask ended = await(node.store(), accepted.id());
      assertThat(ended.state()).isEqualTo(State.COMPLETED);
      assertThat(ended.startedAt()).isAfterOrEqualTo(at.minusMillis(1));
      assertThat(types(node.store(), accepted.id())).contains(StoredEvent.Type.DUE);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("handlers fork tasks and wait for them with one worker")
  void forks(Databases where) throws Exception {
    try (Database database = where.newPlace().open();
        DurableProcessor node =
            start(
                database,
                (attempt, work) -> {
                  if (!work.text().equals("parent")) return work.text();
                  return attempt.fork(task("fork")).await(attempt.context()).state();
                },
                settings -> settings.withWorkers(1))) {
      String id = node.submit(Submission.of(task("parent"))).id();
      StoredTask ended = await(node.store(), id);
      assertThat(ended.state()).isEqualTo(State.COMPLETED);
      assertThat(ended.result()).isEqualTo("\"completed\"");
      assertThat(ended.children()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("what failed can be given another life")
  void reruns(Databases where) throws Exception {
    var broken = new AtomicInteger(1);
    try (Database database = where.newPlace().open();
        DurableProcessor node =
            start(
                database,
                (_, _) -> {
                  if (broken.getAndDecrement() > 0) throw new IllegalStateException("broken");
                  return null;
                })) {
      String id = node.submit(Submission.of(task("mended"))).id();
      assertThat(await(node.store(), id).state()).isEqualTo(State.FAILED);
      assertThat(node.store().rerun(id).state()).isEqualTo(State.PENDING);
      assertThat(await(node.store(), id).state()).isEqualTo(State.COMPLETED);
      assertThatThrownBy(() -> node.store().rerun(id)).isInstanceOf(RefusedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("while the store is paused no task starts")
  void pauses(Databases where) throws Exception {
    var started = new AtomicInteger();
    try (Database database = where.newPlace().open();
        DurableProcessor node =
            start(
                database,
                (_, _) -> {
                  started.incrementAndGet();
                  return null;
                })) {
      node.store().pause();
      Eventually.holds(
          "the node pauses", () -> node.store().nodes().getFirst().status() == Node.Status.PAUSED);
      beatsOnce(node.store());
      String id = node.submit(Submission.of(task("paused"))).id();
      beatsOnce(node.store());
      assertThat(started.get()).isZero();
      node.store().resume();
      assertThat(await(node.store(), id).state()).isEqualTo(State.COMPLETED);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a unique key and an id are taken once; a limit of a kind holds")
  void uniqueAndLimits(Databases where) throws Exception {
    var most = new AtomicInteger();
    var now = new AtomicInteger();
    try (Database database = where.newPlace().open();
        DurableProcessor node =
            start(
                database,
                (attempt, _) -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  attempt.context().sleep(Duration.ofMillis(20));
                  now.decrementAndGet();
                  return null;
                },
                settings -> settings.withWorkers(5).withLimit("work", 2))) {
      StoredTask first = node.submit(Submission.of(task("first")).unique("only"));
      assertThatThrownBy(() -> node.submit(Submission.of(task("second")).unique("only")))
          .isInstanceOfSatisfying(
              RefusedException.class, refused -> assertThat(refused.other()).isEqualTo(first.id()));
      assertThat(await(node.store(), first.id()).state()).isEqualTo(State.COMPLETED);
      assertThat(node.submit(Submission.of(task("second")).unique("only")).uniqueKey())
          .isEqualTo("only");
      assertThatThrownBy(() -> node.submit(Submission.of(task("x").withId(first.id()))))
          .isInstanceOf(RefusedException.class);
      List<String> ids = new java.util.ArrayList<>();
      for (int i = 0; i < 12; i++) ids.add(node.submit(Submission.of(task("n" + i))).id());
      for (String id : ids) {
        assertThat(await(node.store(), id).state()).isEqualTo(State.COMPLETED);
      }
      assertThat(most.get()).isEqualTo(2);
    }
  }
}
