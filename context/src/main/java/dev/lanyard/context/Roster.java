package dev.lanyard.context;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The list of those who listen to one scope, and the lock that guards it and the scope.
 *
 * <p><b>The lock</b> is one byte: a compare-and-set to take it, a release store to give it back. A
 * context is locked four or five times in its life, nearly always by one thread, and a monitor
 * costs twice as much each time (docs/decisions/0009-a-lock-of-one-byte.md). It cannot be taken
 * twice by one thread, and whoever holds it only moves references: no code of others runs under it
 * but that of a {@link TimeSource}, and no thread waits under it for anything but the lock of an
 * older scope.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>Until the scope's flip is over, {@code first} and the links of those in the list are
 *       written under the lock only, and read so, but for the question whether there are lanes.
 *   <li>From then on the list is frozen: nobody takes a place or gives one up. The flip has closed
 *       the lanes and brought those in them here. The one thread that ended the scope takes the
 *       list down when all below is done; until then any thread that has had the lock once since
 *       the end may walk it.
 *   <li>Whoever finds a list taken down, or a link of it cut, and then asks {@link #isTakenDown},
 *       sees all that was done before.
 * </ol>
 */
abstract sealed class Roster extends Listener permits Scope, Lanes.Lane {
  private static final byte FREE = 0;
  private static final byte HELD = 1;

  /** What a holder does is over before so many looks, unless its processor was taken away. */
  private static final int SPINS = 100;

  /** Gives way so often before it sleeps: the holder may need the processor that this one has. */
  private static final int YIELDS = 20;

  private static final long NAP_NANOS = 50_000;

  private static final VarHandle LOCK = Handle.of(MethodHandles.lookup(), "lock", byte.class);
  private static final VarHandle FIRST = Handle.of(MethodHandles.lookup(), "first", Listener.class);

  /**
   * The head of the list. The {@link Lanes} stand there, where there are any, and then the {@link
   * Stage}, which is all that stays of a list that is taken down.
   */
  private @Nullable Listener first;

  @SuppressWarnings("UnusedVariable") // by its handle
  private byte lock;

  Roster(@Nullable Scope owner) {
    super(owner);
  }

  /** Takes the lock; false if somebody else held it first. */
  @CanIgnoreReturnValue
  final boolean lock() {
    if (LOCK.compareAndSet(this, FREE, HELD)) return true;
    awaitLock();
    return false;
  }

  final void unlock() {
    LOCK.setRelease(this, FREE);
  }

  /** For tests of who holds which locks. */
  final boolean isLocked() {
    return (byte) LOCK.getOpaque(this) == HELD;
  }

  /** An interrupted thread does not sleep, so the flag is taken down for as long as this lasts. */
  @SuppressWarnings("ThreadPriorityCheck") // a hint on the way to sleep, nothing relies on it
  private void awaitLock() {
    boolean interrupted = false;
    for (int tries = 0; !tryLock(); tries++) {
      if (tries < SPINS) {
        Thread.onSpinWait();
      } else if (tries < SPINS + YIELDS) {
        Thread.yield();
      } else {
        interrupted |= Thread.interrupted();
        LockSupport.parkNanos(this, NAP_NANOS);
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }

  private boolean tryLock() {
    return (byte) LOCK.getOpaque(this) == FREE && LOCK.compareAndSet(this, FREE, HELD);
  }

  /** The head of the list: under the lock, or once the scope has ended. */
  final @Nullable Listener first() {
    return first;
  }

  /** The lanes, if there are any; may be asked without the lock. */
  final @Nullable Lanes lanes() {
    return (Listener) FIRST.getAcquire(this) instanceof Lanes lanes ? lanes : null;
  }

  /** Under the lock. */
  final @Nullable Stage stage() {
    Listener head = first instanceof Lanes ? first.next : first;
    return head instanceof Stage stage ? stage : null;
  }

  /** Adds a listener, or a chain of them. Under the lock. */
  final void link(Listener from, Listener to) {
    Listener before = null;
    Listener after = first;
    while (after instanceof Lanes || after instanceof Stage) {
      before = after;
      after = after.next;
    }
    from.previous = before;
    to.next = after;
    if (before != null) before.next = from;
    else first = from;
    if (after != null) after.previous = to;
  }

  /** Has those who come from now on go to the lanes. Under the lock. */
  final void open(Lanes lanes) {
    Listener head = first;
    lanes.next = head;
    if (head != null) head.previous = lanes;
    FIRST.setRelease(this, lanes);
  }

  /**
   * Brings those in the lanes into the one list, so that it can be frozen. Under the lock, when
   * everyone can see that the scope has ended: whoever finds a lane closed must find the end.
   */
  final void close(Lanes lanes) {
    unlink(lanes);
    lanes.closeInto(this);
  }

  /** Under the lock. */
  final void forEach(Consumer<Listener> visitor) {
    for (Listener each = first; each != null; each = each.next) {
      if (each instanceof Lanes lanes) lanes.forEach(visitor);
      else visitor.accept(each);
    }
  }

  /** Under the lock. False if it is not in the list. */
  @CanIgnoreReturnValue
  final boolean unlink(Listener listener) {
    Listener before = listener.previous;
    Listener after = listener.next;
    if (before != null) before.next = after;
    else if (first == listener) first = after;
    else return false;
    if (after != null) after.previous = before;
    listener.previous = null;
    listener.next = null;
    return true;
  }

  /** Takes down the frozen list, for the thread that ended the scope: it gets the head. */
  final @Nullable Listener takeDown() {
    Listener head = first;
    FIRST.setRelease(this, head instanceof Stage ? head : null);
    // Before any link is cut: see invariant 3.
    VarHandle.releaseFence();
    return head;
  }

  /** Whether the list of an ended scope is empty or taken down: then all below it is done. */
  final boolean isTakenDown() {
    VarHandle.acquireFence();
    return FIRST.getAcquire(this) == null;
  }
}
