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

  /**
   * Null once the wait is over: a stage that completes later must not hold, nor wake, a thread that
   * went on.
   */
  private volatile @Nullable Thread thread = Thread.currentThread();

  private volatile boolean ready;

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
          time.schedule(time.nanoTime() + Deadline.boundedNanos(timeout), this::ready);
      try {
        park();
      } finally {
        alarm.stop();
      }
    }
    return context.isDone();
  }

  <T extends @Nullable Object> T await(CompletionStage<T> stage) throws InterruptedException {
    var outcome = new Outcome<T>();
    var _ =
        stage.whenComplete((result, failure) -> {
          outcome.result = result;
          outcome.failure = failure;
          ready();
        });
    park();
    if (ready) return outcome.get();
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
      while (!ready && !context.isDone()) {
        if (Thread.interrupted()) throw new InterruptedException();
        LockSupport.park(context);
      }
    } finally {
      thread = null;
      if (listening && owner != null) owner.remove(this);
    }
  }

  private void ready() {
    ready = true;
    LockSupport.unpark(thread);
  }

  @Override
  void ended() {
    LockSupport.unpark(thread);
  }

  /** Written before {@code ready}, read after it. */
  private static final class Outcome<T extends @Nullable Object> {
    private @Nullable T result;
    private @Nullable Throwable failure;

    @SuppressWarnings("NullAway") // where the type admits null the result may be null
    T get() {
      return switch (failure) {
        case null -> result;
        case CompletionException exception -> throw exception;
        case CancellationException exception -> throw exception;
        case Throwable thrown -> throw new CompletionException(thrown);
      };
    }
  }
}
