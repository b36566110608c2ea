package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.durable.Cancellation;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.Submission;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.proofs.Length;
import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.RefusedException.Reason;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two things at once, where the answers to both must agree with what became of the task. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RaceTest {
  private static final int WORKERS = 16;

  /** From elsewhere where that is possible: with nothing in common but the database. */
  private static Database other(Place place, Database database) {
    return place.isPostgres() ? place.open() : database;
  }

  private static void closeOther(Database other, Database database) {
    if (other != database) other.close();
  }

  @ParameterizedTest(name = "issue 6, cancel against complete: who was acknowledged has won: {0}")
  @EnumSource(Database.Engine.class)
  void cancelAgainstComplete(Database.Engine engine) throws Exception {
    int races = Length.isLong() ? 10_000 : 200;
    Place place = Place.fresh(engine);
    Map<String, CountDownLatch> returning = new ConcurrentHashMap<>();
    TaskKind<Work> kind =
        new TaskKind<>(
            Work.KIND,
            Work.class,
            (attempt, _) -> {
              returning.get(attempt.task().id()).countDown();
              return "done";
            });
    var cancelled = new AtomicInteger();
    var completed = new AtomicInteger();
    List<String> ids = new ArrayList<>();
    Database database = place.open();
    Database other = other(place, database);
    try (DurableProcessor _ = Nodes.start(database, WORKERS, kind);
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < races; i++) {
        String id = "race-" + i;
        ids.add(id);
        returning.put(id, new CountDownLatch(1));
        running.add(
            threads.submit(
                () -> race(other.store(), database.store(), id, returning, cancelled, completed)));
      }
      for (Future<?> each : running) each.get();
      Account account = Account.of(database.store(), ids).balances();
      Figures.print(
          races + " cancels against completions",
          engine,
          "cancelled " + cancelled + ", completed " + completed + "; " + account);
      assertThat(account.states().getOrDefault(State.CANCELLED, 0)).isEqualTo(cancelled.get());
      assertThat(account.states().getOrDefault(State.COMPLETED, 0)).isEqualTo(completed.get());
    } finally {
      closeOther(other, database);
      database.close();
    }
  }

  private static Object race(
      TaskStore far,
      TaskStore near,
      String id,
      Map<String, CountDownLatch> returning,
      AtomicInteger cancelled,
      AtomicInteger completed)
      throws Exception {
    near.submit(Submission.of(Work.task(id, Work.Way.NAP, 0)));
    // A third of them may hit the queue, the start or the body; the rest aims at the end.
    if (ThreadLocalRandom.current().nextInt(3) > 0) returning.get(id).await();
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(3_000_000));
    boolean accepted;
    try {
      var _ = far.cancel(id, Cancellation.because("race"));
      accepted = true;
    } catch (RefusedException refused) {
      assertThat(refused.reason()).isEqualTo(Reason.ENDED);
      accepted = false;
    }
    StoredTask ended = near.await(Context.background(), id);
    assertThat(ended.state()).as(id).isEqualTo(accepted ? State.CANCELLED : State.COMPLETED);
    (accepted ? cancelled : completed).incrementAndGet();
    return ended;
  }

  @ParameterizedTest(name = "issue 6, child submitted while its parent is cancelled: {0}")
  @EnumSource(Database.Engine.class)
  void childAgainstCancelOfParent(Database.Engine engine) throws Exception {
    int races = Length.isLong() ? 1_000 : 30;
    Place place = Place.fresh(engine);
    Database database = place.open();
    Database other = other(place, database);
    TaskKind<Work> kind = Work.kind("node", _ -> {});
    var accepted = new AtomicInteger();
    var refused = new AtomicInteger();
    List<String> ids = new ArrayList<>();
    try (DurableProcessor node = Nodes.start(database, 4, kind);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < races; i++) {
        // Every other parent runs when it is cancelled; the others wait.
        Submission parent = Submission.of(Work.task("p" + i, Work.Way.HOLD, 0));
        if (i % 2 == 0) parent = parent.at(database.store().now().plusSeconds(3600));
        var _ = node.submit(parent);
        String parentId = parent.task().id();
        List<Future<String>> children = new ArrayList<>();
        for (int c = 0; c < 3; c++) {
          Task child = Work.task(parentId + "c" + c, Work.Way.HOLD, 0).withParent(parentId);
          children.add(threads.submit(() -> submitSlowly(database.store(), child)));
        }
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(8_000_000));
        var _ = other.store().cancel(parentId, Cancellation.because("race"));
        ids.add(parentId);
        for (Future<String> each : children) {
          String child = each.get();
          if (child == null) {
            refused.incrementAndGet();
          } else {
            accepted.incrementAndGet();
            ids.add(child);
          }
        }
      }
      for (String id : ids) {
        assertThat(database.store().await(Context.background(), id).state())
            .as(id)
            .isEqualTo(State.CANCELLED);
      }
      Account account = Account.of(database.store(), ids).balances();
      Figures.print(
          races + " parents cancelled while children were submitted",
          engine,
          "children accepted and cancelled " + accepted + ", refused " + refused + "; " + account);
    } finally {
      closeOther(other, database);
      database.close();
    }
  }

  /** Null if it is refused. */
  private static String submitSlowly(TaskStore store, Task child) {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(10_000_000));
    try {
      return store.submit(Submission.of(child)).id();
    } catch (RefusedException refused) {
      assertThat(refused.reason()).isEqualTo(Reason.PARENT_ENDED);
      return null;
    }
  }

  @ParameterizedTest(name = "issue 6, extension committed 10 ms before expiry wins: {0}")
  @EnumSource(Database.Engine.class)
  void extensionAgainstExpiry(Database.Engine engine) throws Exception {
    int races = Length.isLong() ? 500 : 24;
    Place place = Place.fresh(engine);
    Database database = place.open();
    Database other = other(place, database);
    var granted = new AtomicInteger();
    var late = new AtomicInteger();
    Set<String> expired = ConcurrentHashMap.newKeySet();
    // Those that were given more time are told to go on once their first deadline has passed.
    Map<String, CompletableFuture<String>> goOn = new ConcurrentHashMap<>();
    TaskKind<Work> kind =
        new TaskKind<>(
            Work.KIND,
            Work.class,
            (attempt, work) -> {
              try {
                return attempt.context().await(of(goOn, attempt.task().id()));
              } catch (DeadlineExceededException ended) {
                expired.add(attempt.task().id());
                throw ended;
              }
            });
    try (DurableProcessor node = Nodes.start(database, WORKERS, kind);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      // Where the machine stalls at each of these moments, all of them are late.
      for (int i = 0; i < races || (granted.get() == 0 && i < 10 * races); i++) {
        Task task =
            Work.task("x" + i, Work.Way.NAP, 600)
                .withTimeout(Duration.ofMillis(600))
                .withCritical(true);
        var _ = node.submit(Submission.of(task).longest(Duration.ofMinutes(5)));
        running.add(
            threads.submit(() -> {
              boolean accepted = extendLate(other.store(), task.id(), of(goOn, task.id()));
              assertThat(expired.contains(task.id())).as(task.id()).isNotEqualTo(accepted);
              return (accepted ? granted : late).incrementAndGet();
            }));
        if (i % WORKERS == WORKERS - 1) for (Future<?> each : running) each.get();
      }
      for (Future<?> each : running) each.get();
      Figures.print(
          running.size() + " extensions 10 ms before expiry",
          engine,
          "granted and kept "
              + granted
              + ", too late and refused "
              + late
              + ", granted and lost 0");
      assertThat(granted.get()).isPositive();
    } finally {
      closeOther(other, database);
      database.close();
    }
  }

  private static CompletableFuture<String> of(
      Map<String, CompletableFuture<String>> all, String id) {
    return all.computeIfAbsent(id, _ -> new CompletableFuture<>());
  }

  /** Whether it was granted: then the task completes, and otherwise times out. */
  private static boolean extendLate(TaskStore store, String id, CompletableFuture<String> goOn)
      throws Exception {
    Instant deadline = null;
    for (int look = 0; deadline == null && look < 100_000; look++) {
      deadline = store.find(id).orElseThrow().deadline();
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(deadline).isNotNull();
    long left = Duration.between(store.now(), deadline).toNanos() - 10_000_000;
    if (left > 0) LockSupport.parkNanos(left);
    boolean accepted;
    try {
      var _ = store.extend(id, Duration.ofSeconds(60), "race");
      accepted = true;
      while (!store.now().isAfter(deadline)) LockSupport.parkNanos(1_000_000);
      goOn.complete("in time");
    } catch (RefusedException refused) {
      assertThat(refused.reason()).isIn(Reason.NOT_RUNNING, Reason.ENDED);
      accepted = false;
    }
    StoredTask ended = store.await(Context.background(), id);
    assertThat(ended.state())
        .as("%s, %s", ended, store.story(id))
        .isEqualTo(accepted ? State.COMPLETED : State.TIMED_OUT);
    return accepted;
  }
}
