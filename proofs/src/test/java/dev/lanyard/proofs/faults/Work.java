package dev.lanyard.proofs.faults;

import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.tasks.Attempt;
import dev.lanyard.tasks.Retry;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskKind;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What the tasks of the fault suite do, in whichever process they run.
 *
 * @param what the way they do it
 * @param millis how long it takes
 */
record Work(Way what, long millis) {
  enum Way {
    /** Sleeps on the context and returns. */
    NAP,
    /** Says that it begins, and waits for the end of its context. */
    HOLD,
    /** Says that it begins, hears nothing for so long, says that it ends, and returns. */
    DEAF,
    /** As {@link #DEAF}, until {@link #release} is called in its process. */
    HELD,
    /** Fails, all but the third time. */
    FAIL
  }

  static final String KIND = "fault";

  /** By the ids of tasks. */
  private static final Map<String, CountDownLatch> RELEASES = new ConcurrentHashMap<>();

  /** Longer than any test here lasts. */
  static final Duration LONG = Duration.ofMinutes(10);

  /**
   * The kind.
   *
   * @param who the result of what completes: who did it
   * @param print is told what the body does, a line each
   */
  static TaskKind<Work> kind(String who, Consumer<String> print) {
    return new TaskKind<>(KIND, Work.class, (attempt, work) -> work.run(attempt, who, print));
  }

  /** One where everything is done at once and nothing is said. */
  static TaskKind<Work> atOnce(String who) {
    return new TaskKind<>(KIND, Work.class, (_, _) -> who);
  }

  static Task task(String id, Way what, long millis) {
    return Task.of(id, KIND, new Work(what, millis))
        .withId(id)
        .withTimeout(LONG)
        .withRetry(what == Way.FAIL ? RETRY : Retry.none());
  }

  private static final Retry RETRY = new Retry(5, Duration.ofMillis(40), Duration.ofMillis(80));

  private Object run(Attempt attempt, String who, Consumer<String> print)
      throws InterruptedException {
    Context context = attempt.context();
    String id = attempt.task().id();
    switch (what) {
      case NAP -> context.sleep(Duration.ofMillis(millis));
      case FAIL -> {
        if (attempt.number() < 3) throw new IllegalStateException("attempt " + attempt.number());
      }
      case HOLD -> {
        print.accept("BEGUN " + id + " " + attempt.number());
        hold(context);
        Throwable cause = context.cause();
        print.accept(
            "ENDED " + id + " " + (cause == null ? "?" : cause.getClass().getSimpleName()));
      }
      case DEAF -> {
        print.accept("BEGUN " + id + " " + attempt.number());
        deaf(millis);
        print.accept("BODY-END " + id);
      }
      case HELD -> {
        print.accept("BEGUN " + id + " " + attempt.number());
        awaitRelease(id);
        print.accept("BODY-END " + id);
      }
    }
    return who;
  }

  /** The task that is held in this process goes on. */
  static void release(String id) {
    releaseOf(id).countDown();
  }

  private static CountDownLatch releaseOf(String id) {
    return RELEASES.computeIfAbsent(id, _ -> new CountDownLatch(1));
  }

  private static void awaitRelease(String id) {
    boolean released = false;
    for (int minutes = 0; minutes < 10 && !released; minutes++) {
      try {
        released = releaseOf(id).await(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        // It is deaf.
      }
    }
  }

  private static void hold(Context context) {
    while (!context.isDone()) {
      try {
        context.await();
      } catch (InterruptedException e) {
        // The context is what this one listens to.
      }
    }
  }

  /** On the clock of the machine, which goes on while the process is stopped. */
  static void deaf(long millis) {
    TimeSource time = TimeSource.system();
    long last = time.nanoTime() + Duration.ofMillis(millis).toNanos();
    while (last - time.nanoTime() > 0) {
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
      boolean _ = Thread.interrupted();
    }
  }
}
