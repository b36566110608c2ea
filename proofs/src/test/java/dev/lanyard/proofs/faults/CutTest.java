package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.databases.Postgres;
import dev.lanyard.durable.Cancellation;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.StoreException;
import dev.lanyard.durable.Submission;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.proofs.Length;
import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.testing.Eventually;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL goes away, or some of its connections do. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class CutTest {
  private static final TimeSource TIME = TimeSource.system();

  @Test
  @DisplayName("issue 6, PostgreSQL killed and started again under load: nothing is lost")
  void restart() throws Exception {
    int rounds = Length.isLong() ? 10 : 1;
    try (Postgres server = Postgres.ofItsOwn()) {
      Place place = Place.postgres(server);
      try (Database database = place.open();
          DurableProcessor _ = Nodes.start(database, 8, Work.kind("node", _ -> {}));
          var submitter = new Submitter(database.store())) {
        List<Duration> back = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
          int before = submitter.acknowledged().size();
          Eventually.holds(
              "some are accepted", () -> submitter.acknowledged().size() > before + 30);
          server.kill();
          server.restart();
          long ready = TIME.nanoTime();
          int then = submitter.acknowledged().size();
          Eventually.holds("it is used again", () -> submitter.acknowledged().size() > then);
          back.add(Duration.ofNanos(TIME.nanoTime() - ready));
        }
        submitter.stop();
        Account.settle(database.store(), Duration.ofSeconds(60));
        Account account = Account.of(database.store(), submitter.acknowledged()).balances();
        Figures.print(
            rounds + " restarts of PostgreSQL",
            database.engine(),
            account
                + "; submits answered with an error "
                + submitter.errors
                + ", of these unknown "
                + submitter.unknown
                + "; from ready to the next accepted task "
                + Figures.spread(back));
      }
    }
  }

  @Test
  @DisplayName("issue 6, all connections cut again and again under load: nothing is lost")
  void connectionsCut() throws Exception {
    int cuts = Length.isLong() ? 100 : 6;
    Place place = Place.fresh(Database.Engine.POSTGRESQL);
    try (Database database = place.open();
        Connection admin = place.connect();
        DurableProcessor _ = Nodes.start(database, 8, Work.kind("node", _ -> {}));
        var submitter = new Submitter(database.store())) {
      int killed = 0;
      for (int cut = 0; cut < cuts; cut++) {
        int before = submitter.acknowledged().size();
        Eventually.holds("some are accepted", () -> submitter.acknowledged().size() > before + 15);
        killed += terminate(admin, "true");
      }
      submitter.stop();
      Account.settle(database.store(), Duration.ofSeconds(60));
      Account account = Account.of(database.store(), submitter.acknowledged()).balances();
      Figures.print(
          cuts + " times all connections cut (" + killed + ")",
          database.engine(),
          account
              + "; submits answered with an error "
              + submitter.errors
              + ", of these unknown "
              + submitter.unknown);
    }
  }

  @Test
  @DisplayName("issue 6, the listener's connection cut during a cancel: the cancel is heard")
  void listenerCut() throws Exception {
    int rounds = Length.isLong() ? 50 : 5;
    Place place = Place.fresh(Database.Engine.POSTGRESQL);
    Map<String, Long> ended = new ConcurrentHashMap<>();
    List<Duration> heard = new ArrayList<>();
    var begun = new AtomicInteger();
    try (Database database = place.open();
        Database far = place.open();
        Connection admin = place.connect();
        DurableProcessor node =
            Nodes.start(
                database,
                3,
                Work.kind(
                    "node",
                    line -> {
                      if (line.startsWith("BEGUN")) begun.incrementAndGet();
                      if (line.startsWith("ENDED"))
                        ended.put(line.split(" ", -1)[1], TIME.nanoTime());
                    }))) {
      int cut = 0;
      for (int round = 0; round < rounds; round++) {
        int number = round + 1;
        Task task = Work.task("held-" + round, Work.Way.HOLD, 0);
        var _ = node.submit(Submission.of(task));
        Eventually.holds("it runs", () -> begun.get() == number);
        // The cancel comes as soon as the connection is cut: while the node makes another one.
        cut += terminate(admin, "query ilike 'listen%'");
        long asked = TIME.nanoTime();
        var _ = far.store().cancel(task.id(), Cancellation.because("cut"));
        assertThat(far.store().await(Context.background(), task.id()).state())
            .isEqualTo(State.CANCELLED);
        heard.add(Duration.ofNanos(ended.get(task.id()) - asked));
      }
      assertThat(cut).as("listeners found and cut").isPositive();
      Figures.print(
          rounds + " cancels while the listener was cut (" + cut + ")",
          database.engine(),
          "lost 0; heard after " + Figures.spread(heard));
      assertThat(heard).allMatch(each -> each.compareTo(Duration.ofSeconds(15)) < 0);
    }
  }

  private static int terminate(Connection admin, String which) throws SQLException {
    try (Statement statement = admin.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                    + " where datname = current_database() and pid <> pg_backend_pid() and "
                    + which)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /**
   * Submits one task after the other, and each again until it knows that it was accepted; or until
   * it is stopped, and then nobody knows of the last one.
   */
  private static final class Submitter implements AutoCloseable {
    private final List<String> acknowledged = new ArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final TaskStore store;
    private final CompletableFuture<Void> done;
    final AtomicInteger errors = new AtomicInteger();
    final AtomicInteger unknown = new AtomicInteger();

    Submitter(TaskStore store) {
      this.store = store;
      done =
          CompletableFuture.runAsync(
              this::submit, task -> Thread.ofPlatform().daemon().name("submitter").start(task));
    }

    private void submit() {
      for (int i = 0; i < 1_000_000 && !stopped.get(); i++) {
        Submission next = Submission.of(Work.task("s-" + i, Work.Way.NAP, 5));
        boolean accepted = false;
        while (!accepted && !stopped.get()) accepted = accepted(next);
        if (!accepted) return;
        synchronized (acknowledged) {
          acknowledged.add(next.task().id());
        }
      }
    }

    private boolean accepted(Submission submission) {
      try {
        var _ = store.submit(submission);
        return true;
      } catch (StoreException failed) {
        errors.incrementAndGet();
        if (failed.isUnknown()) unknown.incrementAndGet();
        return false;
      } catch (RefusedException refused) {
        assertThat(refused.reason()).isEqualTo(RefusedException.Reason.DUPLICATE_ID);
        return true;
      }
    }

    /** Fails if it has failed. */
    List<String> acknowledged() {
      if (done.isCompletedExceptionally()) done.join();
      synchronized (acknowledged) {
        return List.copyOf(acknowledged);
      }
    }

    /** Waits for its end, and fails if it has failed. */
    void stop() throws Exception {
      stopped.set(true);
      done.get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      stopped.set(true);
    }
  }
}
