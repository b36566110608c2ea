package dev.lanyard.context;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for the end of a context, or for something else first. Used once, by the
 * thread that made it.
 */
final class Waiter extends Listener {
  private final Lineage context;
  private final Wake wake = new Wake();

  Waiter(Lineage context) {
    super(context.scope());
    this.context = context;
  }

  void await() throws InterruptedException {
    park();
  }

  boolean await(Duration timeout) throws InterruptedException {
    if (timeout.isPositive() && !context.isDone()) {
      TimeSource time = context.root().time();
      Registration alarm =
          time.schedule(time.nanoTime() + Deadline.boundedNanos(timeout), wake::ready);
      try {
        park();
      } finally {
        alarm.stop();
      }
    }
    return context.isDone();
  }

  // This wake is given nothing but the result of this stage.
  @SuppressWarnings({"unchecked", "NullAway"})
  <T extends @Nullable Object> T await(CompletionStage<T> stage) throws InterruptedException {
    Wake wake =
        this.wake; // a stage may outlive this wait by far: it holds the wake, not the waiter with
    // its context
    var _ = stage.whenComplete(wake::complete);
    park();
    if (wake.ready) return (T) wake.outcome();
    context.throwIfDone();
    throw new AssertionError("woken for no reason");
  }

  /**
   * Returns when something is ready or the context is done. What is ready counts, also when the
   * thread was interrupted.
   */
  private void park() throws InterruptedException {
    boolean listening = owner != null && owner.add(this);
    try {
      while (!wake.ready && !context.isDone()) {
        if (Thread.interrupted()) throw new InterruptedException();
        LockSupport.park(context);
      }
    } finally {
      wake.thread = null;
      if (listening && owner != null) owner.remove(this);
    }
  }

  @Override
  void ended() {
    LockSupport.unpark(wake.thread);
  }

  /** What those who may wake the thread hold of it. */
  private static final class Wake {
    /**
     * Null once the wait is over: what comes later must neither hold nor wake a thread that went
     * on.
     */
    private volatile @Nullable Thread thread = Thread.currentThread();

    private @Nullable Object result;
    private @Nullable Throwable failure;

    /** Written after the outcome, read before it. */
    private volatile boolean ready;

    void ready() {
      ready = true;
      LockSupport.unpark(thread);
    }

    void complete(@Nullable Object result, @Nullable Throwable failure) {
      if (thread == null) return;
      this.result = result;
      this.failure = failure;
      ready();
    }

    @Nullable Object outcome() {
      return switch (failure) {
        case null -> result;
        case CompletionException exception -> throw exception;
        case CancellationException exception -> throw exception;
        case Throwable thrown -> throw new CompletionException(thrown);
      };
    }
  }
}
