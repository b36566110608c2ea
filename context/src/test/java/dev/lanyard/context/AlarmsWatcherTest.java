package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The watcher of the one that rings takes its place once an action holds it up. */
class AlarmsWatcherTest {
  private static final Duration PATIENCE = Duration.ofMillis(10);

  private final StallingClock clock = new StallingClock();
  private final Alarms alarms = new Alarms(clock);

  /** Of the thread that sets the first alarm, and so of those that are made for it. */
  private final ThreadGroup group = new ThreadGroup("of these alarms");

  private final Thread keeper = begin();
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void letAllGo() {
    release.countDown();
    clock.goOn.countDown();
  }

  private Thread begin() {
    var keeper = new AtomicReference<@Nullable Thread>();
    var first =
        new Thread(
            group,
            () -> {
              alarms.set(clock.nanoTime() + Duration.ofHours(1).toNanos(), () -> {});
              keeper.set(AlarmsTest.ring(alarms, clock));
            });
    first.start();
    Together.join(first);
    return Objects.requireNonNull(keeper.get());
  }

  private List<Thread> threads() {
    var threads = new Thread[10];
    return List.of(Arrays.copyOf(threads, group.enumerate(threads)));
  }

  private Thread watcher() {
    return threads().stream().filter(each -> each != keeper).findAny().orElseThrow();
  }

  /** Sets an alarm that holds its thread up until it is released. */
  private void block() {
    var blocking = new CountDownLatch(1);
    alarms.set(
        clock.nanoTime(),
        () -> {
          blocking.countDown();
          Together.await(release);
        });
    Together.await(blocking);
    Thread watcher = watcher();
    Together.eventually("it is watched", () -> watcher.getState() == Thread.State.TIMED_WAITING);
  }

  @Test
  @DisplayName("an action holds up the others when it has taken 10 ms, and not before")
  void heldUp() {
    clock.time.advanceWithoutRinging(Duration.ofSeconds(2)); // the reading wraps on the way
    block();
    var rang = new AtomicReference<@Nullable Thread>();
    alarms.set(clock.nanoTime(), () -> rang.set(Thread.currentThread()));

    for (int looks = 0; looks < 3; looks++) {
      clock.time.wasRead();
      Together.eventually("the watcher looks", clock.time::wasRead);
    }
    assertThat(rang).hasValue(null);

    Thread watcher = watcher();
    clock.time.advanceWithoutRinging(PATIENCE);
    Together.eventually("it rings", () -> rang.get() != null);
    assertThat(rang).hasValue(watcher);
  }

  @Test
  @DisplayName("a watcher that has lain down is roused for an action that blocks")
  void roused() {
    Thread watcher = watcher();
    for (int round = 0; round < 3; round++) {
      Together.eventually("it has lain down", () -> watcher.getState() == Thread.State.WAITING);
      assertThat(AlarmsTest.ring(alarms, clock)).isSameAs(keeper);
    }
    Together.eventually("it has lain down", () -> watcher.getState() == Thread.State.WAITING);

    block();
    clock.time.advanceWithoutRinging(PATIENCE);

    assertThat(AlarmsTest.ring(alarms, clock)).isSameAs(watcher);
  }

  @Test
  @DisplayName("the watcher of a keeper that fails ends, too")
  void keeperFails() {
    failKeeper();
    LockSupport.unpark(keeper);

    Together.eventually("both have ended", () -> threads().isEmpty());
    assertThat(AlarmsTest.ring(alarms, clock)).isNotSameAs(keeper);
  }

  @Test
  @DisplayName("the watcher of a keeper that fails while it is watched ends, too")
  void keeperFailsWhileItIsWatched() {
    block();
    failKeeper();
    release.countDown();

    Together.eventually("both have ended", () -> threads().isEmpty());
    assertThat(AlarmsTest.ring(alarms, clock)).isNotSameAs(keeper);
  }

  private void failKeeper() {
    keeper.setUncaughtExceptionHandler((_, _) -> {});
    clock.time.failOn(keeper);
  }

  @Test
  @DisplayName("a keeper whose action is over just as its place is taken ends instead of sleeping")
  void overJustNow() {
    block();
    Thread watcher = watcher();
    clock.advanceAndStall(PATIENCE, watcher);
    release.countDown();
    Together.eventually("the keeper sleeps", () -> LockSupport.getBlocker(keeper) != null);

    clock.goOn.countDown();

    Together.join(keeper);
    assertThat(AlarmsTest.ring(alarms, clock)).isSameAs(watcher);
  }

  @Test
  @DisplayName("if the keeper fails just as its place is taken, both end and the next alarm begins")
  void failsJustNow() {
    block();
    Thread watcher = watcher();
    clock.advanceAndStall(PATIENCE, watcher);
    failKeeper();
    release.countDown();
    Together.join(keeper);

    clock.goOn.countDown();

    Together.join(watcher);
    assertThat(AlarmsTest.ring(alarms, clock)).isNotIn(keeper, watcher);
  }

  /** Holds a thread up that reads it. */
  private static final class StallingClock implements TimeSource {
    private final HandClock time = new HandClock();
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    private volatile @Nullable Thread reader;
    private volatile long moment;

    /** Of the reader alone. */
    private int readings;

    /**
     * The reader sees once that so much time has passed, and goes no further when it looks again.
     */
    void advanceAndStall(Duration duration, Thread thread) {
      moment = time.nanoTime() + duration.toNanos();
      reader = thread;
      time.advanceWithoutRinging(duration);
      Together.await(stalled);
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it
    public long nanoTime() {
      long now = time.nanoTime();
      if (Thread.currentThread() == reader && now - moment >= 0 && ++readings == 2) {
        stalled.countDown();
        // Not asleep, where it would use up being woken.
        while (goOn.getCount() > 0) Thread.yield();
      }
      return now;
    }

    @Override
    public Instant instant() {
      return time.instant();
    }

    @Override
    public Registration schedule(long nanoTime, Runnable action) {
      return time.schedule(nanoTime, action);
    }
  }
}
