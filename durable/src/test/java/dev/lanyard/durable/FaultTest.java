package dev.lanyard.durable;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskHandler;
import dev.lanyard.tasks.TaskKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("issue 6: what a fault leaves behind")
class FaultTest {
  record Work(String text) {}

  private static Task task(String name) {
    return Task.of(name, "work", new Work(name)).withTimeout(Duration.ofSeconds(30));
  }

  private static DurableProcessor start(
      Database database, TaskHandler<Work> handler, UnaryOperator<DurableSettings> more) {
    return DurableProcessor.start(
        Context.background(),
        database,
        settings ->
            more.apply(
                settings
                    .withMaxTimeout(Duration.ofSeconds(30))
                    .withOnlyKinds(new TaskKind<>("work", Work.class, handler))));
  }

  private static StoredTask await(TaskStore store, String id) throws InterruptedException {
    try (var patience = Context.background().withTimeout(Duration.ofSeconds(60))) {
      return store.await(patience, id);
    }
  }

  @Test
  @DisplayName("SQLite: what ran in a process that died runs again when the file is opened")
  void revives() throws Exception {
    Path folder = Files.createTempDirectory("lanyard-durable-");
    Path file = folder.resolve("tasks.db");
    Path copy = folder.resolve("copy.db");
    var running = new CountDownLatch(1);
    String id;
    try (Database database = Database.sqlite(file);
        DurableProcessor node =
            start(
                database,
                (attempt, _) -> {
                  running.countDown();
                  attempt.context().await();
                  return null;
                },
                settings -> settings)) {
      id = node.submit(Submission.of(task("dies"))).id();
      assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
      // As a kill at this moment would leave them.
      Files.copy(file, copy);
      Files.copy(folder.resolve("tasks.db-wal"), folder.resolve("copy.db-wal"));
    }
    try (Database database = Database.sqlite(copy)) {
      assertThat(database.store().find(id).orElseThrow().state()).isEqualTo(State.PENDING);
      try (DurableProcessor node = start(database, (_, _) -> "again", settings -> settings)) {
        StoredTask ended = await(node.store(), id);
        assertThat(ended.state()).isEqualTo(State.COMPLETED);
        assertThat(ended.attempt()).isEqualTo(1);
      }
      assertThat(database.store().story(id))
          .extracting(StoredEvent::type)
          .containsExactly(
              StoredEvent.Type.SUBMITTED,
              StoredEvent.Type.STARTED,
              StoredEvent.Type.LOST,
              StoredEvent.Type.STARTED,
              StoredEvent.Type.COMPLETED);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a run that was given up is told so, and its end is refused")
  void fence(Databases where) throws Exception {
    var place = where.newPlace();
    var running = new CountDownLatch(1);
    var told = new CountDownLatch(1);
    var starts = new AtomicInteger();
    var cause = new AtomicReference<Throwable>();
    try (Database database = place.open();
        DurableProcessor node =
            start(
                database,
                (attempt, _) -> {
                  if (attempt.context().value(Trace.KEY) == null) throw new AssertionError();
                  running.countDown();
                  if (starts.incrementAndGet() > 1) return "second";
                  try {
                    attempt.context().await();
                  } finally {
                    cause.set(requireNonNull(attempt.context().cause()));
                    told.countDown();
                  }
                  return "zombie";
                },
                settings -> settings.withWorkers(2))) {
      String id = node.submit(Submission.of(task("zombie"))).id();
      assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
      // What a node does that gives another one up.
      try (Connection connection = place.plain().getConnection();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.executeUpdate(
            "update lanyard_scheduled_tasks set picked = false, picked_by = null, last_heartbeat = null,"
                + " version = version + 1");
        statement.executeUpdate(
            "update lanyard_task set state = 'PENDING', attempt = attempt - 1, deadline = null");
        connection.commit();
      }
      assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(cause.get()).isInstanceOf(LeaseLostException.class);
      StoredTask ended = await(node.store(), id);
      assertThat(ended.state()).isEqualTo(State.COMPLETED);
      assertThat(ended.result()).isEqualTo("\"second\"");
      assertThat(node.stats().leasesLost()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("PostgreSQL: a task of a node that is no longer heard of is run by another one")
  void deadNode() throws Exception {
    var place = Databases.POSTGRESQL.newPlace();
    try (Database database = place.open()) {
      String id = database.store().submit(Submission.of(task("orphan"))).id();
      try (Connection connection = place.plain().getConnection();
          Statement statement = connection.createStatement()) {
        statement.executeUpdate(
            "update lanyard_scheduled_tasks set picked = true, picked_by = 'dead', version = version + 1,"
                + " last_heartbeat = now() - interval '1 minute'");
        statement.executeUpdate(
            "update lanyard_task set state = 'RUNNING', attempt = 1, runs = 1, node = 'dead', deadline ="
                + " 1");
      }
      try (DurableProcessor node = start(database, (_, _) -> "adopted", settings -> settings)) {
        StoredTask ended = await(node.store(), id);
        assertThat(ended.state()).isEqualTo(State.COMPLETED);
        assertThat(ended.node()).isEqualTo(node.nodeId());
        assertThat(ended.attempt()).isEqualTo(1);
      }
    }
  }

  @Test
  @DisplayName("PostgreSQL: an extension of which the node is not told wins at the deadline")
  void extensionWins() throws Exception {
    var place = Databases.POSTGRESQL.newPlace();
    var running = new CountDownLatch(1);
    try (Database here = place.open();
        Database there = place.open();
        DurableProcessor node =
            start(
                here,
                (attempt, _) -> {
                  running.countDown();
                  attempt.context().sleep(Duration.ofSeconds(4));
                  return null;
                },
                settings -> settings.withSignalPoll(Duration.ofMinutes(5)).withListen(false))) {
      Task critical = task("critical").withCritical(true).withTimeout(Duration.ofSeconds(3));
      String id = node.submit(Submission.of(critical)).id();
      assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
      there.store().extend(id, Duration.ofSeconds(20), null);
      assertThat(await(there.store(), id).state()).isEqualTo(State.COMPLETED);
    }
  }

  @Test
  @DisplayName("PostgreSQL: a cancel from another process reaches the node, told or not")
  void cancelFromElsewhere() throws Exception {
    for (boolean listen : new boolean[] {true, false}) {
      var place = Databases.POSTGRESQL.newPlace();
      var running = new CountDownLatch(1);
      try (Database here = place.open();
          Database there = place.open();
          DurableProcessor node =
              start(
                  here,
                  (attempt, _) -> {
                    running.countDown();
                    attempt.context().await();
                    return null;
                  },
                  settings -> settings.withListen(listen))) {
        String id = there.store().submit(Submission.of(task("far"))).id();
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
        there.store().cancel(id, Cancellation.because("enough"));
        StoredTask ended = await(there.store(), id);
        assertThat(ended.state()).isEqualTo(State.CANCELLED);
        assertThat(node.stats().finished(State.CANCELLED)).isEqualTo(1);
      }
    }
  }

  @Test
  @DisplayName("PostgreSQL: nodes whose clocks differ by 30 seconds take no task from each other")
  void clocksApart() throws Exception {
    var place = Databases.POSTGRESQL.newPlace();
    var running = new CountDownLatch(1);
    try (Database late = place.open();
        Database early = place.open();
        DurableProcessor runs =
            start(
                late,
                (attempt, _) -> {
                  running.countDown();
                  attempt.context().sleep(Duration.ofSeconds(4));
                  return null;
                },
                settings -> settings.withTime(new Shifted(Duration.ofSeconds(-30))))) {
      String id = runs.submit(Submission.of(task("steady"))).id();
      assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
      try (DurableProcessor _ =
          start(
              early,
              (_, _) -> null,
              settings -> settings.withTime(new Shifted(Duration.ofSeconds(30))))) {
        StoredTask ended = await(late.store(), id);
        assertThat(ended.node()).isEqualTo(runs.nodeId());
        assertThat(late.store().story(id)).hasSize(3);
      }
    }
  }

  private record Shifted(Duration by) implements TimeSource {
    @Override
    public long nanoTime() {
      return TimeSource.system().nanoTime();
    }

    @Override
    public Instant instant() {
      return TimeSource.system().instant().plus(by);
    }

    @Override
    public Registration schedule(long nanoTime, Runnable action) {
      return TimeSource.system().schedule(nanoTime, action);
    }
  }
}
