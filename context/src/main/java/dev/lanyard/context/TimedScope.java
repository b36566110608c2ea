package dev.lanyard.context;

import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A scope with a deadline of its own. While somebody listens, a timer stands for it, unless an
 * earlier deadline above does; while nobody does, a poll looks at the clock.
 */
final class TimedScope extends Scope implements Runnable {
  private volatile Deadline deadline;
  private final @Nullable Throwable timeoutCause;

  /**
   * The scope above whose deadline passes first, and does so until it is extended; null if that is
   * this one.
   */
  private final @Nullable TimedScope cap;

  private volatile boolean extended;

  /** Under the monitor. */
  private @Nullable Registration alarm;

  TimedScope(
      Root root,
      @Nullable Scope owner,
      @Nullable Valued values,
      Deadline deadline,
      @Nullable Throwable timeoutCause) {
    super(root, owner, values);
    this.deadline = deadline;
    this.timeoutCause = timeoutCause;
    TimedScope above = owner == null ? null : owner.decisive();
    cap = above == null || passesBefore(above) ? null : above;
    if (owner != null) owner.noteDeadlineBelow();
  }

  @Override
  boolean hasNothingAbove() {
    return false;
  }

  @Override
  @Nullable ContextException endAbove() {
    ContextException above = super.endAbove();
    if (above == null) return isPast() ? expiry() : null;
    // Nobody had looked at the clock: this deadline may have passed before the one above ended.
    return above.isAfter(deadline) ? expiry() : above;
  }

  private boolean isPast() {
    return deadline.isPast();
  }

  private ContextException expiry() {
    return new DeadlineExceededException(timeoutCause, deadline);
  }

  // ---- The timer

  @Override
  boolean attach() {
    if (isAlone() && isPast()) return false;
    if (!super.attach()) return false;
    arm();
    return true;
  }

  @Override
  void detach() {
    super.detach();
    if (isAlone()) disarm();
  }

  @Override
  void rearm() {
    disarm();
    arm();
  }

  /**
   * This scope has its place already: an extension above that its capped deadline has not seen
   * comes later and sees the place.
   */
  private void arm() {
    if (alarm == null && !isCapped()) {
      Listener place = place();
      alarm =
          root().time().schedule(deadline.nanoTime(), place instanceof Watch watch ? watch : this);
      if (place instanceof Watch watch) watch.alarm(alarm);
    }
  }

  @Override
  void disarm() {
    if (alarm != null) {
      alarm.stop();
      alarm = null;
    }
  }

  private boolean isCapped() {
    return cap != null && !cap.extended;
  }

  /** The timer rings. It may be an old one, from before an extension. */
  @Override
  public void run() {
    synchronized (this) {
      if (hasEnded()) return;
      if (!isPast()) {
        rearm();
        return;
      }
    }
    end(expiry());
  }

  // ---- Extension

  @Override
  public boolean extendTo(Deadline to) {
    Deadline later =
        Objects.requireNonNull(to, "say what to extend the deadline to").on(root().time());
    if (err() != null) return false;
    Deadline limit = owner == null ? Deadline.NONE : owner.effectiveDeadline();
    synchronized (this) {
      // Without an end and past the deadline, the timer is only late: too late for an extension.
      if (hasEnded() || isPast() || !deadline.isBefore(later) || limit.isBefore(later))
        return false;
      deadline = later;
      extended = true;
      if (alarm != null) rearm();
    }
    armBelow();
    return true;
  }

  /** Scopes below that relied on the old deadline may now need timers of their own. */
  private void armBelow() {
    var below = new ArrayDeque<Scope>();
    for (Scope each = this; each != null; each = below.poll()) {
      each.collectBelow(below);
      if (each instanceof TimedScope timed && each != this) timed.armIfListened();
    }
  }

  private synchronized void armIfListened() {
    if (!hasEnded() && !isAlone()) arm();
  }

  Deadline ownDeadline() {
    return deadline;
  }

  boolean passesBefore(TimedScope other) {
    return deadline.isBefore(other.deadline.on(root().time()));
  }

  @Override
  TimedScope candidate() {
    return cap != null && isCapped() ? cap : this;
  }

  @Override
  boolean isDecisive() {
    return cap == null || isCapped();
  }

  @Override
  public void describe(StringBuilder path) {
    if (isCapped()) super.describe(path);
    else path.append(".WithDeadline(").append(deadline).append(')');
  }
}
