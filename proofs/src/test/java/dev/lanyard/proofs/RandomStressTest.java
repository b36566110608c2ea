package dev.lanyard.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.Fork;
import dev.lanyard.context.Group;
import dev.lanyard.context.Key;
import dev.lanyard.context.Registration;
import dev.lanyard.context.RootContext;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Row 117: whatever threads do to one tree, in the end nothing is linked, no alarm is armed, each
 * registration has either fired or been stopped, and every end is the one that was seen first. On
 * the way no interrupt is lost or left behind, and no fork outlives its group.
 */
@Isolated("races want the machine to themselves")
class RandomStressTest {
  private static final int THREADS = 4;
  private static final int STEPS = 4_000;
  private static final int SHARED = 48;
  private static final Key<Integer> KEY = Key.of("stress");

  /** Each round has a seed of its own, new in each build; {@code -Dlanyard.seed=N} repeats one. */
  static LongStream seeds() {
    Long given = Long.getLong("lanyard.seed");
    return given != null ? LongStream.of(given) : new Random().longs(60L * Length.FACTOR);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void nothingIsLeft(long seed) throws Exception {
    boolean forgets = seed % 2 == 0;
    var round = new Round(forgets);
    var workers = new ArrayList<Worker>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) workers.add(new Worker(round, new Random(seed + i)));
      for (Future<Void> each : threads.invokeAll(workers)) each.get();
    }
    for (Worker worker : workers) worker.finish();
    if (!forgets) {
      // The top is live: each of those below has given up its own place and alarm.
      round.becomesQuiet();
    }
    round.top.cancel();
    round.becomesQuiet();
    for (Worker worker : workers) {
      for (Track track : worker.tracks) track.check();
      worker.ends.forEach(
          (ctx, end) -> assertThat(ctx.err()).as("the end of " + ctx).isSameAs(end));
    }
  }

  /** What the threads of a round share. */
  private static final class Round {
    private final CountingTime time = new CountingTime();
    private final RootContext root = Context.root(time);
    private final CancellableContext top = root.withCancel();
    private final AtomicReferenceArray<Context> shared = new AtomicReferenceArray<>(SHARED);
    private final boolean forgets;

    Round(boolean forgets) {
      this.forgets = forgets;
      for (int i = 0; i < SHARED; i++) shared.set(i, top);
    }

    /**
     * Nothing listens and no alarm is armed, as soon as those that a timer has ended have left
     * their places, and whoever listens next has taken away what collected ones have left.
     */
    void becomesQuiet() {
      Eventually.holds(
          () -> "it is quiet; listening: " + root.listening() + ", alarms: " + time.armed(),
          () -> {
            Context.background().withCancel().onDone(() -> {}).stop();
            return root.listening().isEmpty() && time.armed() == 0;
          });
    }
  }

  /** One registration: stopped at most once, and run if and only if it was not stopped. */
  private static final class Track {
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger stops = new AtomicInteger();
    private final Registration registration;

    Track(Function<Runnable, Registration> register) {
      registration = register.apply(runs::incrementAndGet);
    }

    static Track of(Context ctx, int kind) {
      return switch (kind) {
        case 0 -> new Track(ctx::afterFunc);
        case 1 ->
            new Track(action -> {
              var _ = ctx.done().thenRun(action);
              return () -> false; // a stage is never taken back
            });
        default -> new Track(ctx::onDone);
      };
    }

    void stop() {
      if (registration.stop()) stops.incrementAndGet();
    }

    void check() {
      // An afterFunc runs on a thread of its own, perhaps a little later.
      Eventually.holds("it has run or is stopped", () -> runs.get() + stops.get() > 0);
      assertThat(runs.get() + stops.get()).as("runs and successful stops").isEqualTo(1);
    }
  }

  private static final class Worker implements Callable<Void> {
    private final Round round;
    private final Random random;
    private final List<CancellableContext> owned = new ArrayList<>();
    private final List<CancellableContext> ownTops = new ArrayList<>();
    private final List<Track> tracks = new ArrayList<>();
    private final Map<Context, ContextException> ends = new HashMap<>();

    Worker(Round round, Random random) {
      this.round = round;
      this.random = random;
    }

    @Override
    public Void call() throws InterruptedException {
      for (int i = 0; i < STEPS; i++) step();
      return null;
    }

    /** Everything that is not forgotten is closed and stopped, from the youngest up or down. */
    void finish() {
      for (Track track : tracks) if (random.nextBoolean() || !round.forgets) track.stop();
      for (CancellableContext each : random.nextBoolean() ? owned : owned.reversed()) each.close();
      for (CancellableContext each : ownTops) each.close();
    }

    private void step() throws InterruptedException {
      Context ctx = any();
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4 -> share(child(ctx));
        case 5, 6, 7 -> listen(ctx);
        case 8, 9 -> {
          if (!tracks.isEmpty()) tracks.get(random.nextInt(tracks.size())).stop();
        }
        case 10, 11 -> {
          for (int i = random.nextInt(40); i > 0; i--) look(ctx);
        }
        case 12 -> {
          if (random.nextInt(8) == 0) ctx.await(Duration.ofNanos(random.nextInt(100_000)));
          else await(ctx);
        }
        case 13 -> {
          if (!owned.isEmpty()) pick().cancel(new Cause("stress"));
        }
        case 14 -> {
          if (!owned.isEmpty()) {
            Duration more = Duration.ofMillis(random.nextInt(3_000));
            pick().extendTo(Deadline.after(more, round.time));
          }
        }
        case 15, 16 -> region(ctx);
        case 17 -> {
          if (random.nextInt(8) == 0) group(ctx);
        }
        case 18 -> {
          // Places of those that were polled and forgotten are given up when they are collected.
          if (round.forgets && random.nextInt(500) == 0) System.gc();
        }
        default -> round.shared.set(random.nextInt(SHARED), round.top);
      }
    }

    private void listen(Context ctx) {
      // A stage listens until the end: only where the end comes for all.
      int kind = random.nextInt(8);
      if (kind != 1 || round.forgets) tracks.add(Track.of(ctx, kind));
    }

    /** err, done and cause agree, and stay as they are. */
    private void look(Context ctx) {
      ContextException err = ctx.err();
      boolean done = ctx.isDone();
      Throwable cause = ctx.cause();
      if (err == null) return;
      if (!done || cause == null) throw new AssertionError("row 6: " + ctx);
      ContextException before = ends.putIfAbsent(ctx, err);
      if (before != null && before != err) throw new AssertionError("another end: " + ctx);
    }

    /** A result that is there is had whatever happens. */
    private static void await(Context ctx) throws InterruptedException {
      if (!ctx.await(CompletableFuture.completedFuture(true))) throw new AssertionError(ctx);
    }

    /** No interrupt is lost while the region works, and none left when it is over. */
    private void region(Context ctx) {
      int spins = random.nextInt(100);
      try {
        ctx.callInterruptibly(() -> {
          if (spins % 4 == 0) any().callInterruptibly(() -> spin(spins, ctx));
          spin(spins, ctx);
          if (ctx.isDone()) {
            Eventually.holds(
                () -> "the interrupt by " + ctx, Thread.currentThread()::isInterrupted);
          }
          return null;
        });
      } catch (ContextException ended) {
        if (!ctx.isDone() && spins % 4 != 0) throw new AssertionError("refused while live: " + ctx);
      }
      if (Thread.interrupted()) throw new AssertionError("an interrupt is left: " + ctx);
    }

    @CanIgnoreReturnValue
    private static boolean spin(int spins, Context ctx) {
      for (int i = 0; i < spins && !ctx.isDone(); i++) Thread.onSpinWait();
      return true;
    }

    /** All forks have ended when the group is closed, however it ends. */
    private void group(Context ctx) throws InterruptedException {
      var forks = new ArrayList<Fork<Integer>>();
      boolean fails = random.nextBoolean();
      boolean joins = random.nextBoolean();
      boolean ended = false;
      try (Group group = Group.in(ctx).limit(2)) {
        for (int i = 0; i < 3; i++) {
          int number = i;
          forks.add(group.fork(() -> number == 1 && fails ? fail() : number));
        }
        if (joins) group.join();
      } catch (ContextException end) {
        ended = true;
      } catch (ExecutionException failed) {
        if (!(fails && failed.getCause() instanceof Cause)) throw new AssertionError(failed);
      }
      for (Fork<Integer> fork : forks) {
        if (!fork.isDone()) throw new AssertionError("a fork outlives its group");
        if (joins && !fails && !ended && fork.failure() != null)
          throw new AssertionError("joined with a failure", fork.failure());
      }
    }

    private static int fail() {
      throw new Cause("fork");
    }

    private Context child(Context parent) {
      int kind = random.nextInt(8);
      if (kind == 0) return parent.withValue(KEY, random.nextInt());
      if (kind == 1) {
        CancellableContext detached = parent.withoutCancel().withCancel();
        ownTops.add(detached);
        return detached;
      }
      CancellableContext child =
          switch (kind) {
            case 2 -> parent.withTimeout(Duration.ofNanos(random.nextInt(3_000_000)));
            case 3 -> parent.withTimeout(Duration.ofHours(1));
            case 4 -> parent.withDeadline(Deadline.after(Duration.ofMillis(1), round.time));
            case 5 -> parent.linkedTo(any());
            default -> parent.withCancel();
          };
      // Forgotten ones are below something that is closed in the end, or garbage.
      if (!round.forgets || random.nextInt(4) != 0) owned.add(child);
      return child;
    }

    private Context any() {
      return round.shared.get(random.nextInt(SHARED));
    }

    private CancellableContext pick() {
      return owned.get(random.nextInt(owned.size()));
    }

    private void share(Context ctx) {
      round.shared.set(random.nextInt(SHARED), ctx);
    }
  }
}
