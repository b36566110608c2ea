package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alarms ring once, on time and on threads of their own, whatever their actions do. */
class AlarmsTest {
  private static final long HOUR = Duration.ofHours(1).toNanos();

  private final TimeSource system = TimeSource.system();
  private final Alarms alarms = new Alarms(system);

  /** Time stands still here, so that no keeper is taken for one that is held up. */
  private final HandClock stopped = new HandClock();

  private final Alarms patient = new Alarms(stopped);

  private static void await(CountDownLatch latch) {
    Together.await(latch);
  }

  /** The thread on which an alarm rings that is due at once. */
  static Thread ring(Alarms alarms, TimeSource clock) {
    var rang = new AtomicReference<Thread>();
    alarms.set(clock.nanoTime(), () -> rang.set(Thread.currentThread()));
    Together.eventually("it rings", () -> rang.get() != null);
    return rang.get();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  @DisplayName("actions that block hold up no other alarm, and their threads end with them")
  void blockingActions(int blocking) {
    var release = new CountDownLatch(1);
    var blocked = Collections.synchronizedList(new ArrayList<Thread>());
    for (int i = 0; i < blocking; i++) {
      alarms.set(
          system.nanoTime(),
          () -> {
            blocked.add(Thread.currentThread());
            await(release);
          });
    }
    Together.eventually("all of them block at once", () -> blocked.size() == blocking);

    Thread other = ring(alarms, system);

    assertThat(blocked).doesNotHaveDuplicates().doesNotContain(other);
    assertThat(blocked)
        .allSatisfy(thread -> {
          assertThat(thread.getName()).isEqualTo("lanyard-deadlines");
          assertThat(thread.isDaemon()).isTrue();
          assertThat(thread.isVirtual()).isFalse();
        });
    release.countDown();
    blocked.forEach(Together::join);
    assertThat(blocked).doesNotContain(ring(alarms, system));
  }

  @Test
  @DisplayName("an alarm that is earlier than the one the keeper sleeps for wakes it")
  void earlierAlarm() {
    patient.set(stopped.nanoTime() + HOUR, () -> {});
    Thread keeper = ring(patient, stopped);
    for (int round = 0; round < 100; round++) {
      Together.eventually(
          "the keeper sleeps", () -> keeper.getState() == Thread.State.TIMED_WAITING);
      assertThat(ring(patient, stopped)).isSameAs(keeper);
    }
  }

  @Test
  @DisplayName("an alarm that is set while the keeper goes to sleep is not slept through")
  void alarmBeforeSleep() {
    var rang = new AtomicInteger();
    patient.set(stopped.nanoTime() + HOUR, () -> {});
    for (int round = 1; round <= 30_000; round++) {
      int expected = round;
      patient.set(stopped.nanoTime(), rang::incrementAndGet);
      for (int spins = 0; rang.get() < round && spins < 10_000; spins++) Thread.onSpinWait();
      if (rang.get() < round) Together.eventually("it rings", () -> rang.get() == expected);
      for (int spins = 0; spins < round % 64; spins++) Thread.onSpinWait();
    }
    assertThat(rang).hasValue(30_000);
  }

  @Test
  @DisplayName("what one thread has set rings in the order of its moments")
  void inOrder() {
    long now = stopped.nanoTime();
    var rang = Collections.synchronizedList(new ArrayList<String>());
    patient.set(now + 3, () -> rang.add("third"));
    patient.set(now + 1, () -> rang.add("first"));
    patient.set(now + HOUR, () -> rang.add("too early"));
    patient.set(now + 2, () -> rang.add("second"));
    stopped.advanceWithoutRinging(Duration.ofNanos(10));

    ring(patient, stopped);

    assertThat(rang).containsExactly("first", "second", "third");
  }

  @Test
  @DisplayName("an action that throws is reported, and its thread rings on")
  void throwingAction() {
    patient.set(stopped.nanoTime() + HOUR, () -> {});
    Thread keeper = ring(patient, stopped);
    var reported = Collections.synchronizedList(new ArrayList<Throwable>());
    keeper.setUncaughtExceptionHandler((_, thrown) -> {
      reported.add(thrown);
      throw new IllegalStateException("the handler is broken, too");
    });
    List<Throwable> broken = List.of(new IllegalStateException("broken"), new AssertionError());
    patient.set(
        stopped.nanoTime(),
        () -> {
          throw (RuntimeException) broken.get(0);
        });
    patient.set(
        stopped.nanoTime(),
        () -> {
          throw (Error) broken.get(1);
        });

    // Those of one moment ring in any order.
    Together.eventually("both are reported", () -> reported.size() == broken.size());
    assertThat(reported).containsExactlyInAnyOrderElementsOf(broken);
    assertThat(ring(patient, stopped)).isSameAs(keeper);
  }

  @Test
  @DisplayName("a keeper that fails leaves its place to the one that the next alarm begins")
  void failingKeeper() {
    patient.set(stopped.nanoTime() + HOUR, () -> {});
    Thread first = ring(patient, stopped);
    first.setUncaughtExceptionHandler((_, _) -> {});
    stopped.failOn(first);
    LockSupport.unpark(first);
    Together.join(first);

    assertThat(ring(patient, stopped)).isNotSameAs(first);
  }

  @Test
  @DisplayName("the thread keeps nothing of the application that has set the first alarm")
  void contextClassLoader() throws Exception {
    try (var application = new URLClassLoader(new URL[0])) {
      var keeper = new AtomicReference<Thread>();
      var first = new Thread(() -> keeper.set(ring(patient, stopped)));
      first.setContextClassLoader(application);
      first.start();
      Together.join(first);
      assertThat(keeper.get().getContextClassLoader()).isSameAs(ClassLoader.getSystemClassLoader());
    }
  }

  @Test
  @DisplayName("an alarm is stopped if and only if it never rings")
  void stopRaces() {
    int rounds = 10_000;
    var rang = new AtomicIntegerArray(rounds);
    var stops = new AtomicIntegerArray(rounds);
    var rings = new AtomicInteger();
    List<Runnable> threads = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      int first = t;
      threads.add(() -> {
        var random = new Random(first);
        for (int i = first; i < rounds; i += 2) {
          int round = i;
          Alarm alarm =
              alarms.set(
                  system.nanoTime() + random.nextInt(60_000),
                  () -> {
                    rang.incrementAndGet(round);
                    rings.incrementAndGet();
                  });
          long until = system.nanoTime() + random.nextInt(120_000);
          while (system.nanoTime() - until < 0) Thread.onSpinWait();
          if (alarm.stop()) stops.incrementAndGet(round);
          if (alarm.stop()) stops.incrementAndGet(round);
        }
      });
    }
    Together.run(threads);
    int stopped = 0;
    for (int i = 0; i < rounds; i++) stopped += stops.get(i);
    int expected = rounds - stopped;
    Together.eventually("the others have rung", () -> rings.get() >= expected);
    ring(alarms, system);

    for (int i = 0; i < rounds; i++) {
      assertThat(rang.get(i) + stops.get(i)).as("alarm %d rings or is stopped", i).isOne();
    }
  }

  @Test
  @DisplayName("thousands of alarms from several threads ring once each, and none early")
  void manyAlarms() {
    int each = 5000;
    int setters = 4;
    var rang = new AtomicIntegerArray(each * setters);
    var early = new AtomicInteger();
    var missing = new CountDownLatch(each * setters);
    List<Runnable> threads = new ArrayList<>();
    for (int t = 0; t < setters; t++) {
      int first = t * each;
      threads.add(() -> {
        var random = new Random(first);
        for (int i = 0; i < each; i++) {
          int number = first + i;
          long moment = system.nanoTime() - 1_000_000 + random.nextInt(100_000_000);
          alarms.set(
              moment,
              () -> {
                if (system.nanoTime() - moment < 0) early.incrementAndGet();
                rang.incrementAndGet(number);
                missing.countDown();
              });
        }
      });
    }
    Together.run(threads);
    await(missing);
    ring(alarms, system);

    assertThat(early).hasValue(0);
    for (int i = 0; i < rang.length(); i++) assertThat(rang.get(i)).as("alarm %d", i).isOne();
  }
}
