package dev.lanyard.context;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of one thread's work that is interrupted when a context ends.
 *
 * <p><b>State.</b> {@code WORKING → INTERRUPTING → INTERRUPTED}, claimed by the thread that ends
 * the context and completed by the one that delivers; or {@code WORKING → FINISHED}, by the
 * region's own thread. Its own thread may also hold interrupts back for a while: {@code WORKING →
 * HELD → WORKING}, {@code HELD → OWED → INTERRUPTED} if the context has ended meanwhile, {@code
 * INTERRUPTED → MUTED → INTERRUPTED} if it had ended before.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>An interrupt is delivered only between the claim and {@code INTERRUPTED}, and a region that
 *       was claimed is not left before: no interrupt of ours reaches what the thread does next.
 *   <li>The flag is one bit for everybody. A region that was claimed clears it on the way out,
 *       unless someone else's interrupt is known to be in it: it was set on the way in, or the
 *       operation reported one interrupt and the flag holds another that no region inside has put
 *       there (see 3).
 *   <li>The operation may have swallowed the interrupt of a region around this one, or this one may
 *       have cleared it: on every way out, whoever has been claimed around it is asserted again.
 *       Clear first, then read their state: a claim seen is re-asserted, a claim not seen yet is
 *       delivered later. The region for which that is done is told, so that it does not take its
 *       own interrupt for someone else's when the first report of it comes by as an {@link
 *       InterruptedException}.
 *   <li>Interrupting runs foreign code (it closes the channel that the thread is blocked in) and
 *       may block as long as the input or output does. So neither the thread that ends the context
 *       nor a lock waits for it. Nor does it wait for a carrier: the thread to be interrupted may
 *       be the one that keeps it.
 *   <li>While a {@link #shielded} operation runs, every region of the thread around it is held,
 *       owed or muted, and the flag has been taken down: nothing of ours interrupts it. What became
 *       owed and the flag that was found are handed over on the way out, by the thread itself.
 *       Shields may be nested: one holds what nobody inside holds yet, and gives back no more.
 * </ol>
 */
final class InterruptRegion extends Listener {
  private static final int WORKING = 0;
  private static final int INTERRUPTING = 1;
  private static final int INTERRUPTED = 2;
  private static final int FINISHED = 3;
  private static final int HELD = 4;
  private static final int OWED = 5;
  private static final int MUTED = 6;

  private static final VarHandle STATE = Handle.of(MethodHandles.lookup(), "state", int.class);

  /** Platform threads, one for each delivery under way: see invariant 4. */
  private static final Executor DELIVERY =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("lanyard-interrupt").factory());

  private final Thread thread = Thread.currentThread();
  private final @Nullable InterruptRegion outer = Current.enclosingRegion();
  private final boolean interruptedOnEntry = thread.isInterrupted();

  private volatile int state;

  /** Whether the region's thread waits for the delivery. */
  private volatile boolean parked;

  /** Whether a region inside has interrupted the thread for this one. Of this thread alone. */
  private boolean reasserted;

  private InterruptRegion(Scope scope) {
    super(scope);
  }

  boolean isOfThisThread() {
    return thread == Thread.currentThread();
  }

  static <T extends @Nullable Object, X extends Throwable> T call(
      Lineage context, ScopedValue.CallableOp<? extends T, X> operation) throws X {
    Scope scope = context.scope();
    if (scope == null) return Current.call(context, operation);
    var region = new InterruptRegion(scope);
    if (!scope.add(region)) context.throwIfDone();
    T result;
    try {
      result = Current.call(context, region, operation);
    } catch (Throwable thrown) {
      boolean claimed = region.leave(thrown instanceof InterruptedException);
      // An Error says more than that someone stopped waiting, and a ContextException says it
      // already.
      if (!claimed || thrown instanceof Error || thrown instanceof ContextException) throw thrown;
      ContextException why = Objects.requireNonNull(context.err()).toThrow();
      why.addSuppressed(thrown);
      throw why;
    }
    region.leave(false);
    return result;
  }

  static <T extends @Nullable Object, X extends Throwable> T shielded(
      ScopedValue.CallableOp<? extends T, X> operation) throws X {
    InterruptRegion innermost = Current.enclosingRegion();
    boolean interrupt = Thread.interrupted();
    InterruptRegion heldBefore = innermost;
    while (heldBefore != null && !heldBefore.isHeld()) {
      if (!STATE.compareAndSet(heldBefore, WORKING, HELD)) {
        interrupt |= heldBefore.clearAfterDelivery();
        heldBefore.state = MUTED;
      }
      heldBefore = heldBefore.outer;
    }
    try {
      return operation.call();
    } finally {
      for (InterruptRegion held = innermost; held != heldBefore; held = held.outer) {
        interrupt |= Objects.requireNonNull(held).release();
      }
      if (interrupt) Thread.currentThread().interrupt();
    }
  }

  private boolean isDelivered() {
    int now = state;
    return now == INTERRUPTING || now == INTERRUPTED;
  }

  private boolean isWorkingOrHeld() {
    int now = state;
    return now == WORKING || now == HELD;
  }

  private boolean isHeld() {
    int now = state;
    return now == HELD || now == OWED || now == MUTED;
  }

  /** True if an interrupt is due that was held back. */
  private boolean release() {
    if (STATE.compareAndSet(this, HELD, WORKING)) return false;
    boolean owed = state == OWED;
    state = INTERRUPTED;
    return owed;
  }

  @Override
  void ended() {
    while (!STATE.compareAndSet(this, WORKING, INTERRUPTING)) {
      // It may be released between the two looks, so that one round is not enough.
      if (STATE.compareAndSet(this, HELD, OWED) || !isWorkingOrHeld()) return;
    }
    try {
      DELIVERY.execute(this::deliver);
    } catch (OutOfMemoryError noThread) {
      deliver(); // may block the canceller, but a claim that nobody delivers would block the region
      // for ever
    }
  }

  private void deliver() {
    try {
      thread.interrupt();
    } finally {
      state = INTERRUPTED;
      if (parked) LockSupport.unpark(thread);
    }
  }

  /**
   * Leaves the thread as it would be had this region not been there; true if the region was
   * claimed.
   */
  private boolean leave(boolean reportedInterrupt) {
    if (owner != null) owner.remove(this);
    boolean claimed = !STATE.compareAndSet(this, WORKING, FINISHED);
    if (claimed) {
      boolean flag = clearAfterDelivery();
      boolean someoneElse = interruptedOnEntry || (reportedInterrupt && flag && !reasserted);
      if (someoneElse) thread.interrupt();
    }
    for (InterruptRegion around = outer; around != null; around = around.outer) {
      if (around.isDelivered()) {
        around.reasserted = true;
        thread.interrupt();
        break;
      }
    }
    return claimed;
  }

  /**
   * Waits until the interrupt has landed and clears the flag; true if it was set. Spins first, then
   * parks: the thread that delivers may need the carrier that spinning would keep. A flag that is
   * set would end each park at once, so it is taken down and remembered.
   */
  @SuppressWarnings(
      "ThreadPriorityCheck") // a hint between spinning and parking, nothing relies on it
  private boolean clearAfterDelivery() {
    boolean flag = false;
    for (int tries = 0; state == INTERRUPTING; tries++) {
      if (tries < 64) {
        Thread.onSpinWait();
      } else if (tries < 128) {
        Thread.yield();
      } else {
        parked = true;
        if (Thread.interrupted()) flag = true;
        if (state == INTERRUPTING) LockSupport.park(this);
      }
    }
    return Thread.interrupted() || flag;
  }
}
