package dev.lanyard.context;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The alarms of the process. They ring on platform threads of their own, so no load on virtual
 * threads or on the common pool makes them late.
 *
 * <p>Nearly every timeout is set and then stopped, so that is what is cheap here. Setting adds to
 * one of a few heaps, chosen by the thread, and wakes nobody unless the alarm is earlier than the
 * keeper would wake anyway; stopping takes the action out and leaves the shell to the heap.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>The keeper sleeps past no alarm. It says when it will wake before it looks into the heaps
 *       for the last time; whoever has added an alarm to a heap, under its lock, then reads when
 *       the keeper will wake. So the keeper sees the alarm, or the one who set it sees that the
 *       keeper must be woken.
 *   <li>A keeper that rings is watched: it says that it rings before it looks whether the watcher
 *       is up, and the watcher says that it lies down before it looks whether the keeper rings.
 *   <li>If one action is not over after {@code PATIENCE_NANOS}, the watcher becomes the keeper and
 *       has a watcher of its own; the old keeper ends with its action. So an action that blocks
 *       costs a thread, and holds up no other alarm for longer.
 *   <li>No action runs under a lock.
 * </ol>
 */
final class Alarms {
  private static final int MOST_HEAPS = 16;
  private static final long PATIENCE_NANOS = 10_000_000;

  /** Longer than any alarm is away, and short enough to compare moments by their difference. */
  private static final long FOREVER = Long.MAX_VALUE / 2;

  private final TimeSource clock;
  private final AlarmHeap[] heaps;
  private volatile @Nullable Keeper keeper;

  Alarms(TimeSource clock) {
    this.clock = clock;
    heaps = new AlarmHeap[Spread.places(MOST_HEAPS)];
    Arrays.setAll(heaps, _ -> new AlarmHeap());
  }

  Alarm set(long moment, Runnable action) {
    AlarmHeap heap = heaps[Spread.ofThisThread(heaps.length)];
    var alarm = new Alarm(moment, action, heap);
    heap.add(alarm);
    Keeper current = keeper;
    if (current == null) begin();
    else if (moment - current.wakeAt < 0) LockSupport.unpark(current.thread);
    return alarm;
  }

  private synchronized void begin() {
    if (keeper != null) return;
    var first = new Keeper();
    keeper = first; // before it runs: a keeper that is not the keeper ends
    try {
      first.thread.start();
    } catch (Throwable notStarted) {
      keeper = null;
      throw notStarted;
    }
  }

  /** Null for one that failed, for want of memory say: whoever sets the next alarm begins anew. */
  @CanIgnoreReturnValue
  private synchronized boolean replace(Keeper former, @Nullable Keeper successor) {
    if (keeper != former) return false;
    keeper = successor;
    return true;
  }

  private static Thread newThread(Runnable work) {
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("lanyard-deadlines")
            .inheritInheritableThreadLocals(false)
            .unstarted(work);
    // Not that of whoever sets the first alarm: it may be an application that is undeployed.
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    return thread;
  }

  /** A thread that rings, and one that watches it and takes its place if it is held up. */
  private final class Keeper {
    private final Thread thread;
    private final Thread watcher = newThread(this::watch);

    /** Long ago while it is awake, so that nobody wakes it. */
    private volatile long wakeAt = clock.nanoTime() - FOREVER;

    private volatile boolean ringing;
    private volatile boolean watched;

    /** How many actions have begun. Written by the keeper alone. */
    private volatile int rung;

    Keeper() {
      thread = newThread(this::keep);
    }

    /** On the watcher of the one that is held up. */
    Keeper(Thread successor) {
      thread = successor;
    }

    private void keep() {
      try {
        while (ringAllDue() && keeper == this) {
          long next = earliest();
          wakeAt = next;
          if (earliest() - next >= 0) LockSupport.parkNanos(this, next - clock.nanoTime());
          wakeAt = clock.nanoTime() - FOREVER;
        }
      } finally {
        replace(this, null);
        ringing = false;
        LockSupport.unpark(watcher); // nobody is left to be watched
      }
    }

    private long earliest() {
      long earliest = clock.nanoTime() + FOREVER;
      for (AlarmHeap heap : heaps) earliest = heap.earliest(earliest);
      return earliest;
    }

    /** One of each heap in turn, so that none waits for all of another. False if replaced. */
    private boolean ringAllDue() {
      boolean more = true;
      while (more) {
        more = false;
        long now = clock.nanoTime();
        for (AlarmHeap heap : heaps) {
          Runnable action = heap.takeDue(now);
          if (action == null) continue;
          more = true;
          ring(action);
          if (keeper != this) return false;
        }
      }
      ringing = false;
      return true;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
    private void ring(Runnable action) {
      rung = rung + 1;
      try {
        if (!ringing) {
          ringing = true;
          if (!watched) rouseWatcher();
        }
        action.run();
      } catch (Throwable thrown) {
        Callback.report(thrown);
      }
    }

    // ---- The watcher

    /** Better a keeper without a watcher than none: the next time it rings, this is tried again. */
    private void rouseWatcher() {
      try {
        if (watcher.getState() == Thread.State.NEW) watcher.start();
        else LockSupport.unpark(watcher);
      } catch (OutOfMemoryError noThread) {
        Callback.report(noThread);
      }
    }

    private void watch() {
      while (keeper == this && !hasTakenOver()) {
        watched = false;
        if (!ringing && keeper == this) LockSupport.park(this);
        watched = true;
      }
    }

    /** True once this thread has been the keeper itself. */
    private boolean hasTakenOver() {
      if (!isHeldUp()) return false;
      Keeper successor;
      try {
        successor = new Keeper(watcher);
      } catch (OutOfMemoryError noMemory) {
        return false;
      }
      if (!replace(this, successor)) return false;
      LockSupport.unpark(thread); // if its action was over just now: it ends instead of sleeping
      successor.keep();
      return true;
    }

    /** Watches while the keeper rings; true if one action takes too long. */
    private boolean isHeldUp() {
      int seen = rung;
      long since = clock.nanoTime();
      while (ringing) {
        LockSupport.parkNanos(this, PATIENCE_NANOS);
        if (rung != seen) {
          seen = rung;
          since = clock.nanoTime();
        } else if (clock.nanoTime() - since >= PATIENCE_NANOS && ringing) {
          return true;
        }
      }
      return false;
    }
  }
}
