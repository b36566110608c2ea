package dev.lanyard.durable;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * The clock of one run's deadline. It goes like the real one until just before the deadline, and
 * there it stands still until the database was asked whether the deadline still is the same: so an
 * extension that was committed in time, on whatever machine, always wins. Contexts look at the
 * clock themselves; without this they would have ended before anyone could ask.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>Until {@code expired} is set, the clock is before {@code horizon}; set, it stays so, and
 *       the clock is the real one.
 *   <li>The context has its deadline at the horizon. The horizon moves only later, and only while
 *       {@code frozen} holds the clock at a moment before the old one, for a context refuses to
 *       move a deadline that has passed.
 *   <li>The lock is held while the context moves its deadline (which calls nobody back), and not
 *       while the database is asked.
 * </ol>
 */
final class LeaseClock implements TimeSource {
  private final TimeSource real;
  private final BooleanSupplier stillTheDeadline;
  private final CancellableContext context;
  private volatile long horizon;
  private volatile boolean expired;
  private volatile boolean isFrozen;
  private volatile long frozen;

  /**
   * @param stillTheDeadline asks the database; false after it has called {@link #extendTo}
   */
  LeaseClock(TimeSource real, Duration remaining, BooleanSupplier stillTheDeadline) {
    this.real = real;
    this.stillTheDeadline = stillTheDeadline;
    long now = real.nanoTime();
    horizon = now + Math.max(1, remaining.toNanos());
    frozen = now;
    isFrozen = true;
    context =
        Context.root(this).withDeadline(Deadline.after(Duration.ofNanos(horizon - now), this));
    isFrozen = false;
  }

  /** Ends at the deadline, and only there. */
  CancellableContext context() {
    return context;
  }

  @Override
  public long nanoTime() {
    if (isFrozen) return frozen;
    long now = real.nanoTime();
    return expired || now - horizon < 0 ? now : horizon - 1;
  }

  @Override
  public Instant instant() {
    return real.instant();
  }

  @Override
  public Registration schedule(long nanoTime, Runnable action) {
    return real.schedule(
        nanoTime,
        () -> {
          if (expired || nanoTime - horizon < 0) action.run();
          else Thread.ofVirtual().name("lanyard-deadline").start(() -> ring(action));
        });
  }

  private void ring(Runnable action) {
    if (!expired && stillTheDeadline.getAsBoolean()) expired = true;
    // After an extension this finds that it is too early, and sets its alarm anew.
    action.run();
  }

  /** The deadline was moved to so long from now; false if it is that late already, or expired. */
  synchronized boolean extendTo(Duration fromNow) {
    long later = real.nanoTime() + fromNow.toNanos();
    if (expired || later - horizon <= 0) return false;
    frozen = Math.min(real.nanoTime() - horizon, -1) + horizon;
    isFrozen = true;
    try {
      boolean moved = context.extendTo(Deadline.after(Duration.ofNanos(later - frozen), this));
      if (moved) horizon = later;
      return moved;
    } finally {
      isFrozen = false;
    }
  }
}
