package dev.lanyard.context;

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

  /** Under the lock. */
  private @Nullable Registration alarm;

  TimedScope(
      Root root,
      @Nullable Scope owner,
      @Nullable Valued values,
      Deadline deadline,
      @Nullable Throwable timeoutCause,
      boolean past) {
    super(root, owner, values);
    this.deadline = deadline;
    this.timeoutCause = timeoutCause;
    TimedScope above = owner == null ? null : decisiveFor(owner);
    // A deadline on another clock can come first by one reading and last by the next: it caps
    // nothing.
    boolean capped = above != null && above.root().time() == root.time() && !passesBefore(above);
    cap = capped ? above : null;
    if (owner != null) owner.noteDeadlineBelow();
    if (past) beBornDone();
  }

  /**
   * Decided at once: an end above came before this scope, one that comes later comes after its
   * deadline.
   */
  private void beBornDone() {
    ContextException above = super.endAbove();
    takeOver(above != null ? above : new DeadlineExceededException(timeoutCause, deadline));
  }

  @Override
  boolean hasNothingAbove() {
    return false;
  }

  @Override
  @Nullable ContextException endAbove() {
    ContextException above = super.endAbove();
    if (above == null) {
      if (!isOverdue()) return null;
      above = super.endAbove(); // it may have ended between the two looks, and before the deadline
    }
    if (above != null && !above.isAfter(deadline)) return above;
    lock();
    try {
      ContextException own = expiry();
      return own != null ? own : above;
    } finally {
      unlock();
    }
  }

  @Override
  boolean isOverdue() {
    return deadline.isPast();
  }

  /** Once this says so, no extension is granted any more. Under the lock. */
  private @Nullable ContextException expiry() {
    return isOverdue() ? new DeadlineExceededException(timeoutCause, deadline) : null;
  }

  // ---- The timer

  @Override
  boolean attach() {
    if (!super.attach()) return false;
    boolean armed = false;
    try {
      arm(place());
      armed = true;
    } finally {
      if (!armed) detach(); // a place without a timer would be taken for live past its deadline
    }
    return true;
  }

  @Override
  void detach() {
    super.detach();
    if (isAlone()) disarm();
  }

  @Override
  void rearm(Listener place) {
    Registration earlier = alarm;
    alarm = null;
    arm(place); // first: if that fails, the earlier one still rings
    if (earlier != null) earlier.stop();
  }

  /**
   * This scope has its place already: an extension above that its capped deadline has not seen
   * comes later and sees the place.
   */
  private void arm(Listener place) {
    if (alarm != null || isCapped()) return;
    Watch watch = place instanceof Watch standsThere ? standsThere : null;
    alarm = root().time().schedule(deadline.nanoTime(), watch == null ? this : watch);
    if (watch != null) watch.alarm(alarm);
  }

  @Override
  void disarm() {
    Registration armed = alarm;
    alarm = null;
    if (armed != null) armed.stop();
  }

  private boolean isCapped() {
    return cap != null && !cap.extended;
  }

  /**
   * The timer rings. It may be an old one, from before an extension or before the last listener
   * left.
   */
  @Override
  public void run() {
    ContextException expiry;
    lock();
    try {
      if (hasEnded()) return;
      expiry = expiry();
      if (expiry == null && !isAlone()) rearm(place());
    } finally {
      unlock();
    }
    if (expiry != null) end(expiry);
  }

  // ---- Extension

  @Override
  public boolean extendTo(Deadline to) {
    Objects.requireNonNull(to, "say what to extend the deadline to");
    Deadline later = to.on(root().time()).orFarAway(root().time());
    if (err() != null) return false;
    Deadline limit = owner == null ? Deadline.NONE : owner.effectiveDeadline();
    lock();
    try {
      // Without an end and past the deadline, the timer is only late: too late for an extension.
      if (hasEnded() || isOverdue() || !deadline.isBefore(later) || limit.isBefore(later))
        return false;
      deadline = later;
      extended = true;
      if (alarm != null) rearm(place());
    } finally {
      unlock();
    }
    armBelow();
    return true;
  }

  /** Scopes below that relied on the old deadline may now need timers of their own. */
  private void armBelow() {
    var below = new Frontier();
    for (Scope each = this; each != null; each = below.next()) {
      each.collectBelow(below);
      if (each instanceof TimedScope timed && each != this) timed.armIfListened();
    }
  }

  private void armIfListened() {
    lock();
    try {
      if (!hasEnded() && !isAlone()) arm(place());
    } finally {
      unlock();
    }
  }

  @Override
  Deadline effectiveDeadline() {
    return cap == null ? deadline : super.effectiveDeadline();
  }

  Deadline ownDeadline() {
    return deadline;
  }

  boolean passesBefore(TimedScope other) {
    return deadline.isBefore(other.deadline.on(root().time()));
  }

  /**
   * The scope at or above the given one whose deadline passes first. Not recursive over second
   * owners: there may be as many as there are scopes.
   */
  static @Nullable TimedScope decisiveFor(Scope scope) {
    TimedScope earliest = null;
    var others = new Frontier();
    for (Scope path = scope; path != null; path = others.next()) {
      for (Scope each = path; each != null; each = each.owner) {
        if (each instanceof TimedScope timed) {
          TimedScope cap = timed.cap;
          boolean capStands = cap != null && !cap.extended;
          earliest = earlier(earliest, capStands ? Objects.requireNonNull(cap) : timed);
          if (cap == null || capStands) break; // nothing above comes first
        } else if (each instanceof LinkedScope linked && linked.secondDecisive() != null) {
          earliest = earlier(earliest, linked.secondDecisive());
          if (linked.secondDecisive().extended) others.add(linked.second());
        }
      }
    }
    return earliest;
  }

  private static TimedScope earlier(@Nullable TimedScope one, TimedScope other) {
    return one == null || other.passesBefore(one) ? other : one;
  }

  @Override
  public void describe(StringBuilder path) {
    if (isCapped()) super.describe(path);
    else path.append(".WithDeadline(").append(deadline).append(')');
  }
}
