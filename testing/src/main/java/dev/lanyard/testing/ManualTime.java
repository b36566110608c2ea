package dev.lanyard.testing;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.context.Context;
import dev.lanyard.context.Registration;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until a test moves it. Contexts derived from {@link #context()} live on
 * it, so a test of an hour's timeout takes no time and gives the same result each time.
 *
 * {@snippet :
 * ManualTime time = ManualTime.start();
 * CancellableContext ctx = time.context().withTimeout(Duration.ofHours(1));
 * CompletionStage<Void> done = ctx.done();
 * time.advance(Duration.ofHours(1)); // ctx ends here, on this thread
 * }
 *
 * <p><b>Threads.</b> Any thread may use it. Alarms run on the thread that calls {@link #advance},
 * with no lock held.
 *
 * @since 0.1
 */
public final class ManualTime implements TimeSource {
  /**
   * Soon after the start the reading wraps, as that of {@link System#nanoTime()} may: code that
   * compares readings in the wrong way fails in its tests.
   */
  private static final long FIRST_READING = Long.MAX_VALUE - 123_456_789;

  private final Instant beginning;
  private final RootContext context;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition alarmArmed = lock.newCondition();

  @GuardedBy("lock")
  private final TreeSet<Alarm> alarms = new TreeSet<>();

  @GuardedBy("lock")
  private long scheduled;

  /** Written under the lock, so that no alarm is set behind the back of a clock that moves. */
  private volatile long reading = FIRST_READING;

  private ManualTime(Instant beginning) {
    this.beginning = beginning;
    context = Context.root(this);
  }

  /**
   * A clock at the beginning of the year 2026, for tests to which the date means nothing.
   *
   * @return a new clock
   */
  public static ManualTime start() {
    return at(Instant.parse("2026-01-01T00:00:00Z"));
  }

  /**
   * A clock that shows the given moment.
   *
   * @param now where it stands
   * @return a new clock
   */
  public static ManualTime at(Instant now) {
    return new ManualTime(Objects.requireNonNull(now, "a clock needs a moment to start at"));
  }

  /**
   * The root whose time this is.
   *
   * @return always the same context
   */
  public RootContext context() {
    return context;
  }

  /**
   * Moves the clock, and runs each alarm that falls due meanwhile, also those that are set
   * meanwhile: on this thread, in the order of their moments, each seeing the clock at its own
   * moment. When this returns, the clock is at least as far from where it stood as the duration
   * says; moves by several threads at once do not add up.
   *
   * <p>An exception that an alarm throws comes out of here, with the clock at the moment of that
   * alarm and the later ones still armed. Actions registered with a context never throw here.
   *
   * @param duration zero moves nothing
   * @throws IllegalArgumentException if the duration is negative: time does not go back
   * @throws ArithmeticException if it is longer than a {@code long} of nanoseconds
   */
  public void advance(Duration duration) {
    Objects.requireNonNull(duration, "say how far to move the clock");
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          "cannot move the clock by " + duration + ": time does not go back");
    }
    long target = nanoTime() + duration.toNanos();
    for (Alarm due = nextUntil(target); due != null; due = nextUntil(target)) due.action().run();
  }

  /** The next alarm, with the clock moved to its moment; or null, with the clock at the target. */
  private @Nullable Alarm nextUntil(long target) {
    lock.lock();
    try {
      Alarm next = alarms.isEmpty() ? null : alarms.first();
      if (next != null && next.due() - target <= 0) {
        alarms.remove(next);
        moveTo(next.due());
        return next;
      }
      moveTo(target);
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Never back: another thread, or an alarm, may have moved the clock further meanwhile. */
  @GuardedBy("lock")
  private void moveTo(long moment) {
    if (moment - reading > 0) reading = moment;
  }

  /**
   * How many alarms are set. A context sets one only while somebody listens to it, and none for a
   * deadline that is not earlier than one above it.
   *
   * @return those that have neither rung nor been stopped
   */
  public int armed() {
    lock.lock();
    try {
      return alarms.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until another thread has set its alarm, so that moving the clock will reach it.
   *
   * @param count how many alarms there must be at least
   * @param limit how long to wait, in real time
   * @throws AssertionError if there are fewer when the limit has passed
   * @throws InterruptedException if this thread is interrupted first
   */
  public void awaitArmed(int count, Duration limit) throws InterruptedException {
    Objects.requireNonNull(limit, "say how long to wait for an alarm");
    lock.lockInterruptibly();
    try {
      long left = limit.toNanos();
      while (alarms.size() < count) {
        if (left <= 0) {
          throw new AssertionError(
              "waited %s for %d armed alarms, and there were %d"
                  .formatted(limit, count, alarms.size()));
        }
        left = alarmArmed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** What the alarms that are set would run. */
  List<Runnable> armedActions() {
    lock.lock();
    try {
      return alarms.stream().map(Alarm::action).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long nanoTime() {
    return reading;
  }

  @Override
  public Instant instant() {
    return beginning.plusNanos(reading - FIRST_READING);
  }

  @Override
  public Registration schedule(long nanoTime, Runnable action) {
    Objects.requireNonNull(action, "there is nothing for the alarm to run");
    lock.lock();
    try {
      var alarm = new Alarm(nanoTime, scheduled++, action);
      alarms.add(alarm);
      alarmArmed.signalAll();
      // The caller may hold locks that the action wants, so it does not run here.
      if (nanoTime - reading <= 0) Thread.startVirtualThread(() -> ring(alarm));
      return () -> disarm(alarm);
    } finally {
      lock.unlock();
    }
  }

  private void ring(Alarm overdue) {
    if (disarm(overdue)) overdue.action().run();
  }

  private boolean disarm(Alarm alarm) {
    lock.lock();
    try {
      return alarms.remove(alarm);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "ManualTime[" + instant() + ", armed: " + armed() + "]";
  }

  /** In the order in which they ring: those for the same moment as they were scheduled. */
  private record Alarm(long due, long number, Runnable action) implements Comparable<Alarm> {
    @Override
    public int compareTo(Alarm other) {
      return due != other.due ? Long.signum(due - other.due) : Long.compare(number, other.number);
    }
  }
}
