package dev.lanyard.proofs.tasks;

import static dev.lanyard.proofs.tasks.StoppingContract.untilTheEnd;
import static dev.lanyard.proofs.tasks.SubmittingContract.fail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.StoredEvent;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.Submission;
import dev.lanyard.tasks.Retry;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What outlives a node and its process. */
interface LastingContract extends StoreContract {
  @Test
  @DisplayName("issue 6, close: what ran goes back to the queue, and the attempt does not count")
  default void shutdownCountsNoAttempt() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    var script = new Script();
    Task task =
        script.task(
            "moves",
            attempt ->
                seen.isEmpty() ? untilTheEnd(attempt.context(), seen) : "a" + attempt.number());
    store().submit(Submission.of(task));
    DurableProcessor first =
        DurableProcessor.start(Context.background(), database(), s -> s.withOnlyKinds(script.kind));
    Eventually.holds("it runs", () -> !seen.isEmpty());
    first.close();
    StoredTask released = store().find(task.id()).orElseThrow();
    assertThat(released.state()).isEqualTo(State.PENDING);
    assertThat(released.attempt()).isZero();
    assertThat(first.stats().released()).isEqualTo(1);
    DurableProcessor second =
        DurableProcessor.start(Context.background(), database(), s -> s.withOnlyKinds(script.kind));
    try (second) {
      assertThat(store().await(Context.background(), task.id()).result()).isEqualTo("\"a1\"");
    }
    assertThat(store().story(task.id()))
        .extracting(StoredEvent::type)
        .containsExactly(
            StoredEvent.Type.SUBMITTED,
            StoredEvent.Type.STARTED,
            StoredEvent.Type.LOST,
            StoredEvent.Type.STARTED,
            StoredEvent.Type.COMPLETED);
  }

  @Test
  @DisplayName("issue 6, retries: the wait outlives the database being closed")
  default void waitsAreStored() throws Exception {
    Place place = Place.fresh(place().engine());
    var script = new Script();
    Task task =
        script
            .task("waits", attempt -> attempt.number() == 1 ? fail("once") : attempt.number())
            .withRetry(new Retry(2, Duration.ofMillis(2500), Duration.ofMillis(2500)));
    StoredTask waiting;
    try (Database database = place.open();
        DurableProcessor _ =
            DurableProcessor.start(
                Context.background(),
                database,
                s -> s.withOnlyKinds(script.kind).withRandom(new LongestWait()))) {
      database.store().submit(Submission.of(task));
      Eventually.holds(
          "it waits",
          () -> database.store().find(task.id()).orElseThrow().state() == State.RETRYING);
      waiting = database.store().find(task.id()).orElseThrow();
    }
    try (Database database = place.open();
        DurableProcessor _ =
            DurableProcessor.start(
                Context.background(), database, s -> s.withOnlyKinds(script.kind))) {
      StoredTask ended = database.store().await(Context.background(), task.id());
      assertThat(ended.state()).isEqualTo(State.COMPLETED);
      assertThat(ended.result()).isEqualTo("2");
      List<StoredEvent> story = database.store().story(task.id());
      assertThat(story.get(3).type()).isEqualTo(StoredEvent.Type.STARTED);
      assertThat(story.get(3).at()).isAfterOrEqualTo(waiting.runAt());
    }
  }

  @Test
  @DisplayName("issue 6, parent: the end of the node's context is a shutdown")
  default void theEndOfTheContextIsAShutdown() {
    List<String> seen = new CopyOnWriteArrayList<>();
    var script = new Script();
    Task task = script.task("runs", attempt -> untilTheEnd(attempt.context(), seen));
    try (var parent = Context.background().withCancel();
        DurableProcessor _ =
            DurableProcessor.start(parent, database(), s -> s.withOnlyKinds(script.kind))) {
      store().submit(Submission.of(task));
      Eventually.holds("it runs", () -> !seen.isEmpty());
      parent.cancel(new IllegalStateException("the program ends"));
      Eventually.holds(
          "it waits again", () -> store().find(task.id()).orElseThrow().state() == State.PENDING);
      assertThat(store().find(task.id()).orElseThrow().attempt()).isZero();
    }
  }

  @Test
  @DisplayName(
      "issue 6, retention: what ended long enough ago goes, with its events; the rest stays")
  default void retention() throws Exception {
    Place place = Place.fresh(place().engine());
    var script = new Script();
    Task done = script.task("done", _ -> 1);
    Task failed = script.task("failed", _ -> fail("on purpose"));
    Task waits = script.task("waits", _ -> "ran");
    try (Database database = place.open()) {
      try (DurableProcessor _ =
          DurableProcessor.start(
              Context.background(), database, s -> s.withOnlyKinds(script.kind))) {
        database.store().submitAll(List.of(Submission.of(done), Submission.of(failed)));
        database
            .store()
            .submit(Submission.of(waits).at(database.store().now().plusSeconds(36_000)));
        database.store().await(Context.background(), done.id());
        database.store().await(Context.background(), failed.id());
      }
      try (DurableProcessor _ =
          DurableProcessor.start(
              Context.background(),
              database,
              s ->
                  s.withOnlyKinds(script.kind)
                      .withRetention(Duration.ofMillis(1), Duration.ofDays(1)))) {
        Eventually.holds("it is gone", () -> database.store().find(done.id()).isEmpty());
        assertThat(database.store().story(done.id())).isEmpty();
        assertThat(database.store().find(failed.id())).isPresent();
        assertThat(database.store().story(failed.id())).isNotEmpty();
        assertThat(database.store().find(waits.id())).isPresent();
      }
    }
  }

  @Test
  @DisplayName("issue 6, close: is quick when nothing runs, and twice does no harm")
  default void closeIsQuick() {
    TimeSource time = TimeSource.system();
    StoredSubject node = node();
    long start = time.nanoTime();
    node.close();
    node.close();
    assertThat(Duration.ofNanos(time.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }
}
