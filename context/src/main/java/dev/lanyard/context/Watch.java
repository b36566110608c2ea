package dev.lanyard.context;

import java.lang.invoke.VarHandle;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Has the place of a scope that is polled in a loop, or listened to again and again, and holds it
 * strongly only while somebody listens. So a poll costs one read at any depth, a listener that
 * comes and goes moves nothing further up, and a context that was polled a thousand times and then
 * forgotten is still collected.
 */
final class Watch extends Listener implements Runnable {
  private static final ReferenceQueue<Scope> COLLECTED = new ReferenceQueue<>();

  private final WatchedScope watched;

  @SuppressWarnings("UnusedVariable") // holding is all it does
  private @Nullable Listener held;

  /**
   * What must go with the place. Under the scope's lock until the scope has ended or is collected.
   */
  private @Nullable Registration alarm;

  private LinkedScope.@Nullable Tie tie;

  Watch(Scope scope) {
    super(scope.owner);
    watched = new WatchedScope(scope, this);
  }

  /** Holds the scope, or its lanes, or nothing any more. Under the scope's lock. */
  void hold(@Nullable Listener listener) {
    held = listener;
  }

  void alarm(Registration alarm) {
    this.alarm = alarm;
  }

  void tie(LinkedScope.Tie tie) {
    this.tie = tie;
  }

  /** Gives up the place, for a scope that has ended or is collected. */
  void leave() {
    // Whoever finds the scope gone from a frozen list must see that it has ended.
    VarHandle.releaseFence();
    watched.clear();
    if (owner != null) owner.remove(this);
    if (alarm != null) alarm.stop();
    if (tie != null) tie.leave();
  }

  @Override
  @Nullable Scope below() {
    return watched.get();
  }

  /** The timer of the scope rings. */
  @Override
  public void run() {
    if (watched.get() instanceof TimedScope timed) timed.run();
  }

  @Override
  void ended() {}

  /** Gives up the places of scopes that nobody holds any more. */
  static void removeCollected() {
    while (COLLECTED.poll() instanceof WatchedScope collected) {
      collected.watch.leave();
    }
  }

  private static final class WatchedScope extends WeakReference<Scope> {
    private final Watch watch;

    WatchedScope(Scope scope, Watch watch) {
      super(scope, COLLECTED);
      this.watch = watch;
    }
  }
}
