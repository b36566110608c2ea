package dev.lanyard.context;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** Something to run at a moment, once, unless it is stopped first. */
final class Alarm implements Registration {
  private static final VarHandle ACTION =
      Handle.of(MethodHandles.lookup(), "action", Runnable.class);

  private final long moment;
  private final AlarmHeap heap;

  /** Gone once it is claimed or the alarm is stopped: whoever took it out decided which. */
  @SuppressWarnings("UnusedVariable") // by its handle
  private @Nullable Runnable action;

  Alarm(long moment, Runnable action, AlarmHeap heap) {
    this.moment = moment;
    this.heap = heap;
    this.action = action;
  }

  long moment() {
    return moment;
  }

  boolean isStopped() {
    return ACTION.getOpaque(this) == null;
  }

  /** The action, for whoever is to run it; null if it was stopped. */
  @Nullable Runnable claim() {
    return (Runnable) ACTION.getAndSet(this, null);
  }

  @Override
  public boolean stop() {
    if (claim() == null) return false;
    heap.noteStopped();
    return true;
  }
}
