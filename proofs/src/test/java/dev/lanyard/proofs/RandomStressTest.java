package dev.lanyard.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.Key;
import dev.lanyard.context.Registration;
import dev.lanyard.context.RootContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Row 117: whatever threads do to one tree, in the end nothing is linked, no alarm is armed, and
 * each registration has either fired or been stopped.
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
      assertThat(round.root.listening()).isEmpty();
      assertThat(round.time.armed()).isZero();
    }
    round.top.cancel();
    assertThat(round.root.listening()).isEmpty();
    assertThat(round.time.armed()).isZero();
    for (Worker worker : workers) {
      for (Track track : worker.tracks) track.check();
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
  }

  /** One registration: stopped at most once, and run if and only if it was not stopped. */
  private static final class Track {
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger stops = new AtomicInteger();
    private final Registration registration;

    Track(Context ctx, boolean own) {
      Runnable action = runs::incrementAndGet;
      registration = own ? ctx.afterFunc(action) : ctx.onDone(action);
    }

    void stop() {
      if (registration.stop()) stops.incrementAndGet();
    }

    void check() {
      // An afterFunc runs on a thread of its own, perhaps a little later.
      Eventually.holds(Duration.ofSeconds(20), () -> runs.get() + stops.get() == 1);
      assertThat(runs.get() + stops.get()).as("runs and successful stops").isEqualTo(1);
    }
  }

  private static final class Worker implements Callable<Void> {
    private final Round round;
    private final Random random;
    private final List<CancellableContext> owned = new ArrayList<>();
    private final List<CancellableContext> ownTops = new ArrayList<>();
    private final List<Track> tracks = new ArrayList<>();

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
      switch (random.nextInt(16)) {
        case 0, 1, 2, 3, 4 -> share(child(ctx));
        case 5, 6, 7 -> tracks.add(new Track(ctx, random.nextInt(4) == 0));
        case 8, 9 -> {
          if (!tracks.isEmpty()) tracks.get(random.nextInt(tracks.size())).stop();
        }
        case 10, 11 -> {
          for (int i = random.nextInt(20); i > 0; i--) assertAgrees(ctx);
        }
        case 12 -> {
          if (random.nextInt(8) == 0) ctx.await(Duration.ofNanos(random.nextInt(100_000)));
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
        default -> round.shared.set(random.nextInt(SHARED), round.top);
      }
    }

    private static void assertAgrees(Context ctx) {
      boolean err = ctx.err() != null;
      boolean done = ctx.isDone();
      if (err && (!done || ctx.cause() == null)) throw new AssertionError("row 6: " + ctx);
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
