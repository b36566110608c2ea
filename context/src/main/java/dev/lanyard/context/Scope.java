package dev.lanyard.context;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node of the cancel tree. This file is the tree: how a scope takes its place, how it is asked,
 * and how it ends.
 *
 * <p><b>Fields.</b> {@code end} is the whole truth about a scope: null while it is live, then for
 * ever the same exception. It is written once, under the lock, and read without it. {@code
 * standing} is written under the lock and read without it. The list of listeners and the lock are
 * those of {@link Roster}.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>A scope's owner is older than the scope and never changes. So the tree has no cycle, also
 *       where a {@link LinkedScope} has two owners.
 *   <li>Lock order: whoever holds the lock of a scope may take that of an older one, never that of
 *       a younger one, nor the same again. With 1 there is no deadlock. User code runs under no
 *       lock.
 *   <li>A live scope has a place in its owner's list if and only if it is not {@code ALONE}. It
 *       takes the place when its first listener comes ({@code LINKED}: the scope itself stands
 *       there). If that happens often, or if it is polled often, it is {@code WATCHED}: a {@link
 *       Watch} stands there, which holds the scope weakly while it has no listeners. A linked scope
 *       leaves with its last listener; a watch stays. A scope with nothing above it counts as
 *       linked from the start.
 *   <li>A scope that is not {@code ALONE} is told of every end above it and of its own deadline, so
 *       its own {@code end} answers a poll. A scope that is {@code ALONE} asks its owners. At most
 *       {@code MAX_ALONE} scopes in a row are alone, which bounds that walk, and nested locking,
 *       whatever the depth of the tree.
 *   <li>Ended lists are frozen: once the flip that set {@code end} has given the lock back, nobody
 *       is added to or removed from the list. Any number of threads may walk it.
 *   <li>Whoever wins the flip of {@code end} (exactly one thread) owes the listeners of that scope
 *       their call. It pays after everything below is flipped; then it takes the list down.
 *   <li>{@code cancel} returns only after the caller itself has seen everything below flipped: if
 *       another thread won the flip, the caller walks the frozen lists too. It never waits.
 *   <li>A scope that is alone has no listeners and no timer. So a poll, which can end only such a
 *       scope, runs no code of others.
 * </ol>
 *
 * <p><b>Why no end is lost.</b> {@code add} and the flip of a scope exclude each other by its lock:
 * a listener added before the flip is in the frozen list, one that comes later is refused. A lane
 * has a lock of its own, and the flip first sets {@code end} and then closes it: a listener that
 * was there before, or slipped in between, is brought into the list before that is frozen, and one
 * that is refused finds the end. A scope becomes {@code LINKED} only after its owner accepted it
 * (which made the owner take its own place first), all under its own lock, so its listener is
 * accepted only when every scope above is linked. If one above has ended, it is refused, and the
 * poll that follows finds that end and takes it over.
 *
 * <p><b>Whose end wins.</b> A scope that is alone learns of an end late, by asking. It then takes
 * over the end of its owner, which took over that of its own owner, from the top down, so an end
 * further down that came first is never overruled. A deadline that passed unobserved before an
 * owner ended is recognised by {@link ContextException#isAfter}.
 *
 * <p><b>Memory.</b> What is read without the lock is read with acquire and written with release
 * semantics. {@code cancel} returns behind a full fence, so of two threads that cancel one context
 * each and then ask for the other's, at least one sees both ended, as if all were volatile.
 */
sealed class Scope extends Roster implements CancellableContext, Lineage
    permits TimedScope, LinkedScope, SignalScope {
  private static final byte ALONE = 0;
  private static final byte LINKED = 1;
  private static final byte WATCHED = 2;

  /**
   * So many polls, or first listeners, pay for a place that stays: later ones cost next to nothing.
   */
  private static final int USES_UNTIL_WATCHED = 16;

  /** Having to wait for a lock counts for so many. */
  private static final int USES_OF_CONTENTION = 4;

  private static final int MAX_ALONE = 64;

  private static final VarHandle END =
      Handle.of(MethodHandles.lookup(), "end", ContextException.class);
  private static final VarHandle STANDING =
      Handle.of(MethodHandles.lookup(), "standing", byte.class);

  private final Root root;
  private final @Nullable Valued values;

  private @Nullable ContextException end;
  private byte standing;

  /**
   * How far up the next scope is that is never alone while it has scopes below: see invariant 4.
   */
  private final byte row;

  /** Counted without care: a lost update costs one more. */
  private byte uses;

  /**
   * Whether a scope below has a deadline: only then does anyone need to know when this one ended.
   */
  private boolean deadlineBelow;

  Scope(Root root, @Nullable Scope owner, @Nullable Valued values) {
    this(root, owner, values, owner == null ? 1 : owner.rowBelow());
  }

  Scope(Root root, @Nullable Scope owner, @Nullable Valued values, int row) {
    super(owner);
    this.root = root;
    this.values = values;
    this.row = (byte) row;
    if (hasNothingAbove()) standing = LINKED;
  }

  final int rowBelow() {
    if (row < MAX_ALONE) return row + 1;
    watch();
    return 1;
  }

  /**
   * True where only the owner of this context can end it: then its own {@code end} is always the
   * answer. Constant for an object.
   */
  boolean hasNothingAbove() {
    return owner == null;
  }

  // ---- How a scope is asked

  @Override
  public final @Nullable ContextException err() {
    // In this order (invariant 4): if the scope had its place at the first read, its own end is the
    // answer at that moment.
    boolean told = !isAlone();
    ContextException err = toldEnd();
    return err != null || told ? err : poll();
  }

  /** What this scope was told; unlike {@link #err} this asks nobody. */
  final @Nullable ContextException toldEnd() {
    return (ContextException) END.getAcquire(this);
  }

  final boolean hasEnded() {
    return toldEnd() != null;
  }

  final boolean isAlone() {
    return (byte) STANDING.getAcquire(this) == ALONE;
  }

  private @Nullable ContextException poll() {
    ContextException above = endAbove();
    if (above != null) {
      takeOver(above);
      return toldEnd();
    }
    if (uses < USES_UNTIL_WATCHED) uses++;
    else watch();
    return null;
  }

  /**
   * Ends a scope that is still alone (invariant 8). One that was accepted above in the meantime was
   * so after this poll began, when nothing above had ended, and will be told.
   */
  final void takeOver(ContextException above) {
    lock();
    try {
      if (end == null && standing == ALONE) END.setRelease(this, above);
    } finally {
      unlock();
    }
  }

  /** What has ended this scope without telling it, if anything. */
  @Nullable ContextException endAbove() {
    return owner == null ? null : owner.err();
  }

  // ---- How a listener is added and removed

  /** Adds a listener; false if this scope has ended, so that nobody will call it. */
  final boolean add(Listener listener) {
    Watch.removeCollected();
    boolean added = offer(listener);
    // Refused means that this scope or one above has ended: asking makes this one take the end
    // over.
    if (!added) err();
    return added;
  }

  /**
   * As {@link #add}, for one that does its own asking: a scope that wants a place here, while it
   * holds its own lock.
   */
  final boolean offer(Listener listener) {
    Lanes lanes = lanes();
    if (lanes != null) return !hasEnded() && lanes.add(listener);
    boolean contended = !lock();
    try {
      if (!register(listener)) return false;
      if (contended) widen();
      return true;
    } finally {
      unlock();
    }
  }

  /**
   * Adds a listener, taking a place in the owner first if it is the first one (invariants 2 and 3).
   * Under the lock.
   */
  private boolean register(Listener listener) {
    if (end != null || (first() == null && !attach())) return false;
    listener.lane = 0;
    link(listener, listener);
    return true;
  }

  /** Removes a listener; true if this call is what keeps it from being called. */
  final boolean remove(Listener listener) {
    if (hasEnded()) return false;
    if (listener.lane != 0) {
      Lanes lanes = lanes();
      return lanes != null && lanes.remove(listener);
    }
    lock();
    try {
      if (end != null || !unlink(listener)) return false;
      if (first() == null) detach();
      return true;
    } finally {
      unlock();
    }
  }

  /** Takes this scope's place; false if it has ended and was not told. Under the lock. */
  boolean attach() {
    if (standing == ALONE && !(staysInPlace() ? standAside() : stand())) return false;
    if (standing == WATCHED) watcher().hold(this);
    if (owner == null) root.attached(this);
    return true;
  }

  /**
   * Whether the place that this scope takes is to outlast its listeners: because it comes and goes
   * often, as one does under which calls are made in turn, or because its row is full, so that no
   * removal spreads further up than one row (invariant 4).
   */
  private boolean staysInPlace() {
    return uses >= USES_UNTIL_WATCHED || row == MAX_ALONE;
  }

  private boolean stand() {
    if (isOverdue() || !takePlace(this)) return false;
    uses++;
    STANDING.setRelease(this, LINKED);
    return true;
  }

  /**
   * Has a watch take the place. This scope then stands in no list, so its own link is free to name
   * the watch: see {@link #become}.
   */
  private boolean standAside() {
    Watch watch = isOverdue() ? null : placedWatch();
    if (watch == null) return false;
    become(watch);
    return true;
  }

  /** A watch that has the place and the timer; null if an owner has ended. */
  private @Nullable Watch placedWatch() {
    var watch = new Watch(this);
    if (!takePlace(watch)) return null;
    boolean armed = false;
    try {
      rearm(watch);
      armed = true;
    } finally {
      if (!armed) watch.leave();
    }
    return watch;
  }

  private void become(Watch watch) {
    next = watch;
    STANDING.setRelease(this, WATCHED);
  }

  /**
   * Gives this scope {@link Lanes}, if threads keep getting in each other's way here. From then on
   * it always has its place, by a watch, which then holds the lanes. Under the lock.
   */
  private void widen() {
    if (uses < USES_UNTIL_WATCHED) {
      uses = (byte) (uses + USES_OF_CONTENTION);
      return;
    }
    try {
      if (lanes() != null || !(hasNothingAbove() || standing == WATCHED || swapPlace())) return;
      var lanes = new Lanes();
      open(lanes);
      if (standing == WATCHED) watcher().hold(lanes);
      if (owner == null) {
        root.attached(lanes);
        root.detached(this);
      }
    } catch (Throwable _) {
      // No memory, or a clock that fails: whoever has to wait next tries again, and the listener
      // that is registered must not hear of it.
    }
  }

  /** Leaves the place to a watch. False if that is too late: an owner has ended, and soon this. */
  private boolean swapPlace() {
    Watch watch = placedWatch();
    if (watch == null) return false;
    if (!leavePlace(this)) {
      watch.leave();
      return false;
    }
    become(watch);
    return true;
  }

  /** Whether a deadline of its own has passed, so that it is over and must not take a place. */
  boolean isOverdue() {
    return false;
  }

  /** The last listener has gone. Under the lock. */
  void detach() {
    if (owner == null) root.detached(this);
    if (standing == WATCHED) {
      watcher().hold(null);
    } else if (!hasNothingAbove()) {
      // Before the place is given up, so that nobody trusts an end that is no longer told.
      STANDING.setRelease(this, ALONE);
      leavePlace(this);
    }
  }

  /**
   * Stands in the owner's list, as the scope itself or as its watch. Every owner accepts, or none
   * keeps it. Under the lock.
   */
  boolean takePlace(Listener place) {
    return owner == null || owner.offer(place);
  }

  /**
   * Gives the place up; false if it cannot, because the owner has ended. Under the lock, or after
   * the end on the thread that won it.
   */
  @CanIgnoreReturnValue
  boolean leavePlace(Listener place) {
    if (place instanceof Watch watch) {
      watch.leave();
      return true;
    }
    return owner == null || owner.remove(place);
  }

  /** Makes later polls cheap without keeping in memory a scope that nobody else holds. */
  private void watch() {
    Watch.removeCollected(); // takes the locks of others, so not below
    lock();
    boolean told;
    try {
      told = end != null || standing != ALONE || standAside();
    } finally {
      unlock();
    }
    if (!told) err();
  }

  /** Has the timer, if there is one, call whoever has taken the place. Under the lock. */
  void rearm(Listener place) {}

  private Watch watcher() {
    return (Watch) Objects.requireNonNull(next);
  }

  /** Who stands in the owner's list for this scope, and is called by its timer. */
  final Listener place() {
    return standing == WATCHED ? watcher() : this;
  }

  // ---- How a scope ends

  @Override
  public final void cancel() {
    cancel(null);
  }

  @Override
  public final void cancel(@Nullable Throwable cause) {
    ContextException earlier = err();
    end(earlier != null ? earlier : new CancelledException(cause, momentOfCancel()));
    VarHandle.fullFence();
  }

  private @Nullable Deadline momentOfCancel() {
    return deadlineBelow ? Deadline.now(root.time()) : null;
  }

  /**
   * From here upwards, the moment of an end matters. Writes only what is not yet so: creating a
   * child disturbs nobody.
   */
  final void noteDeadlineBelow() {
    for (Scope each = this; each != null && !each.deadlineBelow; each = each.owner) {
      each.deadlineBelow = true;
    }
  }

  /**
   * Ends this scope and all below it, in two passes: flip everything, then call the listeners
   * (invariants 5 to 7).
   */
  final void end(ContextException exception) {
    boolean won = flip(exception);
    if (isTakenDown()) {
      if (won) leave(); // nobody below: the common end of a request
      return;
    }
    List<Scope> owed = flipBelow();
    if (won) callListeners();
    for (Scope scope : owed) scope.callListeners();
  }

  /**
   * Flips all below, from the top down so that each takes over the end of its owner.
   *
   * @return those flipped here, who are owed their calls
   */
  private List<Scope> flipBelow() {
    var owed = new ArrayList<Scope>();
    int walked = 0;
    // Those that another thread is about to walk, or that were reached before. Once more does no
    // harm, twice would.
    var helped = new Frontier();
    for (Scope at = this; at != null; ) {
      ContextException exception = Objects.requireNonNull(at.toldEnd());
      for (Listener each = at.first(); each != null; each = each.next) {
        Scope below = each.below();
        if (below == null) continue;
        if (below.flip(exception)) owed.add(below);
        else if (!below.isTakenDown()) helped.add(below);
      }
      at = walked < owed.size() ? owed.get(walked++) : helped.next();
    }
    // A list that was cut short while it was walked here: its winner has flipped all below, which
    // asking makes visible.
    helped.reached().forEach(Scope::isTakenDown);
    var _ = isTakenDown();
    return owed;
  }

  /** The one step in which a scope becomes done; true on the thread that made it so. */
  private boolean flip(ContextException exception) {
    lock();
    try {
      if (end != null) return false;
      END.setRelease(this, exception);
      Lanes lanes = lanes();
      if (lanes != null) {
        close(lanes);
        if (owner == null) root.detached(lanes);
      }
      return true;
    } finally {
      unlock();
    }
  }

  /**
   * Stops the timer, if there is one: under the lock, or after the end on the thread that won it.
   */
  void disarm() {}

  private void callListeners() {
    leave();
    Listener each = takeDown();
    while (each != null) {
      Listener following = each.next;
      // Whoever still holds a registration must not hold its former neighbours by it.
      each.previous = null;
      each.next = null;
      each.ended();
      each = following;
    }
  }

  /** What fails here, a clock of the user's or memory, must not keep anyone from being called. */
  private void leave() {
    try {
      disarm();
      if (owner == null) root.detached(this);
      if (standing != ALONE) leavePlace(place());
    } catch (Throwable thrown) {
      Callback.report(thrown);
    }
  }

  @Override
  final Scope below() {
    return this;
  }

  @Override
  final void ended() {} // flipped with its owner; its own listeners are called in their turn

  // ---- What a context is asked for

  @Override
  public final CompletionStage<Void> done() {
    lock();
    try {
      Stage stage = stage();
      if (stage != null) return stage.view();
      if (end == null) {
        stage = new Stage(this);
        if (register(stage)) return stage.view();
      }
    } finally {
      unlock();
    }
    err();
    return Stage.completed();
  }

  @Override
  public final Root root() {
    return root;
  }

  @Override
  public final Scope scope() {
    return this;
  }

  @Override
  public final @Nullable Valued values() {
    return values;
  }

  @Override
  public final Lineage parent() {
    return Lineage.parent(root, owner, values);
  }

  @Override
  public boolean extendTo(Deadline deadline) {
    Objects.requireNonNull(deadline, "say what to extend the deadline to");
    return false;
  }

  /** The earliest deadline at or above this scope. */
  Deadline effectiveDeadline() {
    TimedScope decisive = TimedScope.decisiveFor(this);
    return decisive == null ? Deadline.NONE : decisive.ownDeadline().on(root.time());
  }

  /** Adds the scopes directly below that have a place here. */
  final void collectBelow(Frontier below) {
    forEachListener(each -> {
      Scope scope = each.below();
      if (scope != null) below.add(scope);
    });
  }

  /** How many listen. */
  final int listeners() {
    var count = new AtomicInteger();
    forEachListener(_ -> count.incrementAndGet());
    return count.get();
  }

  /** Nobody listens any more once this has ended. */
  private void forEachListener(Consumer<Listener> visitor) {
    lock();
    try {
      if (end == null) forEach(visitor);
    } finally {
      unlock();
    }
  }

  @Override
  public void describe(StringBuilder path) {
    path.append(".WithCancel");
  }

  @Override
  public final String toString() {
    return path();
  }
}
