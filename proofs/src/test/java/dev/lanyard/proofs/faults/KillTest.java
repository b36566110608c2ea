package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.StoredEvent;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.proofs.Length;
import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.TaskKind;
import dev.lanyard.testing.Eventually;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** kill -9 at chosen moments. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class KillTest {
  private static final TimeSource TIME = TimeSource.system();

  private static DurableProcessor heir(Database database, TaskKind<Work> kind) {
    return Nodes.start(database, 8, kind);
  }

  @ParameterizedTest(name = "issue 6, kill -9 while running and between submit and ack: {0}")
  @EnumSource(Database.Engine.class)
  void whileRunningAndWhileSubmitting(Database.Engine engine) throws Exception {
    int rounds = Length.isLong() ? 10 : 1;
    Place place = Place.fresh(engine);
    List<String> acknowledged = new ArrayList<>();
    List<Duration> recovery = new ArrayList<>();
    int unanswered = 0;
    for (int round = 0; round < rounds; round++) {
      try (NodeProcess victim = NodeProcess.start(place, 6).ready()) {
        victim.submit("hold" + round + "-", 3, Work.Way.HOLD, 0);
        var _ = victim.lines("BEGUN hold" + round, 3);
        Map<String, Long> begun = new ConcurrentHashMap<>();
        TaskKind<Work> kind =
            new TaskKind<>(
                Work.KIND,
                Work.class,
                (attempt, _) -> {
                  begun.putIfAbsent(attempt.task().id(), TIME.nanoTime());
                  return "heir";
                });
        // Where several nodes may share a database, the heir stands by.
        Database early = place.isPostgres() ? place.open() : null;
        DurableProcessor standby = early == null ? null : heir(early, kind);
        victim.submit("quick" + round + "-", 100_000, Work.Way.NAP, 1);
        var _ = victim.lines("ACK quick" + round, 20);
        victim.kill();
        long killed = TIME.nanoTime();
        acknowledged.addAll(victim.acknowledged());
        unanswered += victim.lines("TRY ").size() - victim.acknowledged().size();
        try (Database database = early == null ? place.open() : early;
            DurableProcessor _ = standby == null ? heir(database, kind) : standby) {
          Account.settle(database.store(), Duration.ofSeconds(60));
          if (round == rounds - 1) {
            Account account = Account.of(database.store(), acknowledged).balances();
            Figures.print(
                "kill -9 while running and between submit and ack, " + rounds + " rounds",
                engine,
                account + "; submits cut off " + unanswered);
          }
        }
        for (int i = 0; i < 3; i++) {
          Long at = begun.get("hold" + round + "-" + i);
          assertThat(at).as("the heir began it").isNotNull();
          recovery.add(Duration.ofNanos(at - killed));
        }
      }
    }
    Figures.print(
        "from kill -9 to running again" + (place.isPostgres() ? "" : ", opening included"),
        engine,
        Figures.spread(recovery));
    assertThat(recovery).allMatch(each -> each.compareTo(Duration.ofSeconds(20)) < 0);
  }

  @ParameterizedTest(name = "issue 6, kill -9 between a body''s end and its commit: {0}")
  @EnumSource(Database.Engine.class)
  void betweenEndAndCommit(Database.Engine engine) throws Exception {
    Place place = Place.fresh(engine);
    try (NodeProcess victim = NodeProcess.start(place, 3).ready();
        Connection obstacle = place.connect()) {
      victim.submit("end-", 1, Work.Way.HELD, 0);
      var _ = victim.line("BEGUN end-0");
      obstruct(obstacle, place);
      victim.send("release end-0");
      var _ = victim.line("BODY-END end-0");
      if (place.isPostgres()) {
        Eventually.holds("its commit waits", () -> waiting(place));
      }
      victim.kill();
      obstacle.rollback();
    }
    try (Database database = place.open();
        DurableProcessor _ = heir(database, Work.atOnce("heir"))) {
      StoredTask ended = database.store().await(Context.background(), "end-0");
      assertThat(ended.state()).isEqualTo(State.COMPLETED);
      assertThat(ended.result()).isEqualTo("\"heir\"");
      assertThat(database.store().story("end-0"))
          .extracting(StoredEvent::type)
          .contains(StoredEvent.Type.LOST)
          .endsWith(StoredEvent.Type.COMPLETED);
      Account account = Account.of(database.store(), List.of("end-0")).balances();
      Figures.print("kill -9 between a body's end and its commit", engine, account);
    }
  }

  /** A transaction that everything which ends a task has to wait for. */
  private static void obstruct(Connection connection, Place place) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (place.isPostgres()) {
        connection.setAutoCommit(false);
        statement.execute("select id from lanyard_task where id = 'end-0' for update");
      } else {
        statement.execute("pragma busy_timeout = 20000");
        connection.setAutoCommit(false);
        statement.execute("update lanyard_task set name = name where id = 'end-0'");
      }
    }
  }

  private static boolean waiting(Place place) throws SQLException {
    try (Connection connection = place.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select count(*) from pg_stat_activity"
                    + " where datname = current_database() and wait_event_type = 'Lock'")) {
      return rows.next() && rows.getInt(1) > 0;
    }
  }
}
