package dev.lanyard.proofs.pairs;

import dev.lanyard.context.Context;
import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;

/** Who wants to hear once of the end of a context, unless it says that it no longer does. */
final class Told {
  private final Context ctx;
  private final AtomicInteger times = new AtomicInteger();
  private volatile boolean tooEarly;
  private volatile boolean stopped;

  Told(Context ctx) {
    this.ctx = ctx;
  }

  boolean hearsOf(Context context) {
    return ctx == context;
  }

  Registration by(BiFunction<Context, Runnable, Registration> register) {
    return register.apply(ctx, this::hear);
  }

  void hear() {
    if (!ctx.isDone()) tooEarly = true;
    times.incrementAndGet();
  }

  boolean stop(Registration registration) {
    boolean first = registration.stop();
    if (first) stopped = true;
    return first;
  }

  /** Whether it has heard, or does not want to any more. */
  boolean isSettled() {
    return stopped || times.get() > 0;
  }

  /** Waits for a call that another thread makes. */
  void listen() {
    long end = TimeSource.system().nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!isSettled() && TimeSource.system().nanoTime() - end < 0) LockSupport.parkNanos(10_000);
  }

  /** What is wrong, once the context has ended; empty if nothing is. */
  String fault() {
    if (!ctx.isDone()) return "live below an ended one";
    if (tooEarly) return "told while live";
    int due = stopped ? 0 : 1;
    return times.get() == due ? "" : "told " + times.get() + " times, not " + due;
  }
}
