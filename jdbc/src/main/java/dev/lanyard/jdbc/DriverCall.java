package dev.lanyard.jdbc;

import dev.lanyard.context.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Calls into a driver, one after the other, that are cancelled when a context ends: {@link #enter},
 * the call, {@link #leave}. {@link #end} is called by whoever ends the context.
 *
 * <p><b>Invariants.</b> The state is guarded by this object.
 *
 * <ol>
 *   <li>A cancel is begun only while a call is under way, and the call is not left before the
 *       cancel has returned: no cancel reaches what the connection does next. If that would take
 *       longer than the grace, the connection is aborted, so that there is no next. The connections
 *       of H2 and SQLite survive that: their call is left when its cancel has returned all the
 *       same, which is at once, since it only sets a flag in this process. For a driver of which
 *       neither is true, another grace is the end of waiting.
 *   <li>A cancel is repeated until the call is left: one that arrives before the statement has
 *       reached the database does nothing there.
 *   <li>The connection is aborted at most once, and only if the call or its cancel has not returned
 *       within the grace.
 *   <li>Whoever ends the context waits for nothing: cancelling and the grace have threads of their
 *       own, started then. They are platform threads: drivers that compute, or call native code,
 *       keep the carriers of the virtual ones, and could not be ended by one of them.
 * </ol>
 */
final class DriverCall {
  private static final Executor ENDING =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("lanyard-cancel").factory());

  private static final long FIRST_PAUSE_MILLIS = 5;
  private static final long LONGEST_PAUSE_MILLIS = 250;

  private final Connection driver;
  private final Duration grace;
  private final Runnable cancelIsOver;
  private final boolean canBeCancelled;

  /** Written while no cancel can be under way. */
  private volatile @Nullable Statement statement;

  private boolean underWay;

  /** A context has ended while a call was under way. It stays so: there is no next call. */
  private boolean ending;

  /** A cancel is on its way to the database. */
  private boolean cancelling;

  /** The connection is being aborted, or has been. */
  private boolean aborting;

  private boolean aborted;

  /** The driver took no notice of the abort: what comes next must be safe from the cancel. */
  private boolean survived;

  /**
   * @param cancelIsOver what there is to tidy up on the connection when a call was cancelled, and
   *     no cancel is on its way any more; on the thread of the call
   */
  DriverCall(Connection driver, Duration grace, Runnable cancelIsOver) {
    this(driver, grace, cancelIsOver, true);
  }

  private DriverCall(
      Connection driver, Duration grace, Runnable cancelIsOver, boolean canBeCancelled) {
    this.driver = driver;
    this.grace = grace;
    this.cancelIsOver = cancelIsOver;
    this.canBeCancelled = canBeCancelled;
  }

  /** One that is given its time, and then aborted: for what must not be cut in the middle. */
  static DriverCall whole(Connection driver, Duration grace) {
    return new DriverCall(driver, grace, () -> {}, false);
  }

  /**
   * A call begins.
   *
   * @return false if one is under way already, of another thread
   */
  synchronized boolean enter(@Nullable Statement statement) {
    if (underWay || ending) return false;
    this.statement = statement;
    underWay = true;
    return true;
  }

  /**
   * The call has returned; invariant 1 is established here.
   *
   * @return whether the connection can be used again
   */
  boolean leave() {
    boolean isUsable;
    synchronized (this) {
      underWay = false;
      if (!ending) return true;
      notifyAll();
      awaitEnding();
      isUsable = !aborting;
    }
    cancelIsOver.run();
    return isUsable;
  }

  /**
   * Until the cancel has returned. Aborting is waited for too, so that no pool gets a connection
   * that dies a moment later; but not for ever.
   */
  private synchronized void awaitEnding() {
    boolean interrupted = false;
    @Nullable Deadline end = null;
    while (aborting ? !aborted || (survived && cancelling) : cancelling) {
      if (aborting && end == null) end = Deadline.after(grace);
      if (end != null && end.isPast()) break;
      try {
        wait(end == null ? 0 : Math.max(1, end.remaining().toMillis()));
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }

  /** A context has ended. Returns at once. */
  void end() {
    synchronized (this) {
      if (!underWay || ending) return;
      ending = true;
    }
    if (canBeCancelled) ENDING.execute(this::cancelUntilLeft);
    ENDING.execute(this::abortAfterGrace);
  }

  private void cancelUntilLeft() {
    long pause = FIRST_PAUSE_MILLIS;
    while (beginCancel()) {
      try {
        Cancel.send(driver, statement);
      } catch (SQLException | RuntimeException failed) {
        // The database cannot be reached, or the call has just ended. The next try or the grace
        // decides, and the program is told by the call itself.
      } finally {
        endCancel();
      }
      awaitLeft(Duration.ofMillis(pause));
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  private synchronized boolean beginCancel() {
    cancelling = underWay;
    return underWay;
  }

  private synchronized void endCancel() {
    cancelling = false;
    notifyAll();
  }

  private void abortAfterGrace() {
    if (awaitLeft(grace)) return;
    synchronized (this) {
      if (!underWay && !cancelling) return;
      aborting = true;
      notifyAll();
    }
    boolean isClosed = false;
    try {
      driver.abort(Runnable::run);
      isClosed = isClosed(driver);
    } catch (SQLException | RuntimeException failed) {
      // A driver that cannot abort: its call goes on being cancelled until it ends.
    } finally {
      synchronized (this) {
        aborted = true;
        survived = !isClosed;
        notifyAll();
      }
    }
  }

  /** True once no call is under way, nor a cancel. */
  private synchronized boolean awaitLeft(Duration atMost) {
    Deadline end = Deadline.after(atMost);
    while (underWay || cancelling) {
      long millis = end.remaining().toMillis();
      if (millis <= 0 && end.isPast()) return false;
      try {
        wait(Math.max(1, millis));
      } catch (InterruptedException nobodyInterruptsThis) {
        return false;
      }
    }
    return true;
  }

  /** Also where a pool stands in between, whose connection says whether it was given back. */
  static boolean isClosed(Connection driver) {
    try {
      return driver.isClosed() || driver.unwrap(Connection.class).isClosed();
    } catch (SQLException broken) {
      return true;
    }
  }
}
