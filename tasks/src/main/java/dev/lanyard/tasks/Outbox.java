package dev.lanyard.tasks;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events of one task on their way to the listener: put in under any lock, handed out with none,
 * by one thread at a time and in order. Whoever finds another thread at it leaves its event to that
 * one.
 */
final class Outbox {
  private final Consumer<TaskEvent> listener;

  @GuardedBy("this")
  private final ArrayDeque<TaskEvent> events = new ArrayDeque<>(2);

  @GuardedBy("this")
  private boolean delivering;

  /** The last event is in. */
  @GuardedBy("this")
  private boolean closed;

  Outbox(Consumer<TaskEvent> listener) {
    this.listener = listener;
  }

  synchronized void add(TaskEvent event) {
    if (closed) return;
    events.add(event);
    closed = event instanceof TaskEvent.Finished;
  }

  /** Hands out what is there; the outcome if that was the last event and this thread told it. */
  @Nullable Outcome deliver() {
    Outcome outcome = null;
    for (TaskEvent event = take(true); event != null; event = take(false)) {
      tell(event);
      if (event instanceof TaskEvent.Finished finished) outcome = finished.outcome();
    }
    return outcome;
  }

  private synchronized @Nullable TaskEvent take(boolean first) {
    if (first && delivering) return null;
    TaskEvent event = events.poll();
    delivering = event != null;
    return event;
  }

  /** A listener that throws must stop no task. */
  private void tell(TaskEvent event) {
    try {
      listener.accept(event);
    } catch (Throwable thrown) {
      Thread thread = Thread.currentThread();
      try {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
      } catch (Throwable fromHandler) {
        // Ignored, as the JVM ignores what a handler throws.
      }
    }
  }
}
