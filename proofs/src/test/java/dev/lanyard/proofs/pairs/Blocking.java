package dev.lanyard.proofs.pairs;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The operations in which a thread waits, or may be interrupted. */
final class Blocking {
  private static final Duration FAR = Duration.ofNanos(50_000);
  private static final long LIMIT_NANOS = 20_000_000_000L;
  private static final ScheduledThreadPoolExecutor WATCHDOG = newWatchdog();

  private Blocking() {}

  private static ScheduledThreadPoolExecutor newWatchdog() {
    var watchdog =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("watchdog").factory());
    watchdog.setRemoveOnCancelPolicy(true);
    return watchdog;
  }

  static String await(ContextWorld world, Side side) {
    boolean bothWait = side == Side.OTHER && world.pair.one() == ContextOperation.AWAIT;
    if (bothWait) world.ending = Thread.startVirtualThread(() -> world.endAbove(side));
    Thread thread = Thread.currentThread();
    world.blocking = thread;
    Future<?> bark =
        WATCHDOG.schedule(() -> giveUp(world, thread), LIMIT_NANOS, TimeUnit.NANOSECONDS);
    String seen;
    try {
      switch (world.round % 3) {
        case 0 -> world.ctx.await();
        case 1 -> world.ctx.await(FAR);
        default -> world.ctx.sleep(FAR);
      }
      seen = world.ctx.isDone() ? "woken" : "woken while live";
    } catch (ContextException ended) {
      seen = "woken";
    } catch (InterruptedException interrupted) {
      seen = "interrupted";
    } finally {
      bark.cancel(false);
    }
    boolean flag = takeFlag(world);
    if (world.pair.has(ContextOperation.INTERRUPT) == (flag == seen.equals("interrupted")))
      world.fault(flag ? "interrupted twice" : "an interrupt is lost");
    return seen;
  }

  private static void giveUp(ContextWorld world, Thread thread) {
    world.fault("never woken");
    thread.interrupt();
  }

  /** The flag of this thread, once whoever interrupts it has done so. */
  private static boolean takeFlag(ContextWorld world) {
    if (world.pair.has(ContextOperation.INTERRUPT)) {
      while (!world.interrupted) Thread.onSpinWait();
    }
    return Thread.interrupted();
  }

  static String interrupt(ContextWorld world, Side side) {
    Thread thread = world.blocking;
    for (; thread == null; thread = world.blocking) Thread.onSpinWait();
    thread.interrupt();
    world.interrupted = true;
    return "sent";
  }

  static String region(ContextWorld world, Side side) {
    world.blocking = Thread.currentThread();
    String seen;
    try {
      seen =
          switch (world.round % 4) {
            case 0 -> world.ctx.callInterruptibly(() -> work(world));
            case 1 -> world.ctx.callInterruptibly(() -> workAroundAnother(world));
            case 2 -> world.ctx.callInterruptibly(() -> workAfterAShield(world));
            default -> world.above.callInterruptibly(() -> workWithin(world));
          };
    } catch (ContextException ended) {
      seen = ended.getSuppressed().length == 0 ? "refused" : "interrupted";
    } catch (InterruptedException ours) {
      seen = "an InterruptedException of ours";
    }
    boolean flag = takeFlag(world);
    if (flag != world.pair.has(ContextOperation.INTERRUPT))
      world.fault(flag ? "an interrupt of ours is left behind" : "someone else's is lost");
    return seen;
  }

  /** An operation that does not end before it is interrupted, once its context has ended. */
  private static String work(ContextWorld world) throws InterruptedException {
    compute(world);
    if (!world.ctx.isDone()) return "quiet";
    if (!isInterrupted()) return "not interrupted";
    if (world.round % 2 == 0 && Thread.interrupted()) throw new InterruptedException();
    return "interrupted";
  }

  /** A region inside that does not end must leave alone the interrupt of the one around it. */
  private static String workAroundAnother(ContextWorld world) throws InterruptedException {
    CancellableContext another = world.root.withCancel();
    another.callInterruptibly(() -> {
      compute(world);
      return null;
    });
    return work(world);
  }

  /** What comes while a shield is up must wait, and must come. */
  private static String workAfterAShield(ContextWorld world) throws InterruptedException {
    Context.shielded(() -> {
      compute(world);
      if (Thread.currentThread().isInterrupted() && !world.pair.has(ContextOperation.INTERRUPT))
        world.fault("an interrupt of ours went through a shield");
      return null;
    });
    return work(world);
  }

  /** A region inside that ends must not leave its interrupt to the one around it. */
  private static String workWithin(ContextWorld world) throws InterruptedException {
    String seen;
    try {
      seen = world.ctx.callInterruptibly(() -> work(world));
    } catch (ContextException ended) {
      seen = ended.getSuppressed().length == 0 ? "refused" : "interrupted";
    }
    boolean flag = Thread.currentThread().isInterrupted();
    if (world.above.isDone()) {
      if (!isInterrupted()) return "not interrupted again";
    } else if (flag && !world.pair.has(ContextOperation.INTERRUPT)) {
      world.fault("an interrupt for the region inside");
    }
    return seen;
  }

  private static void compute(ContextWorld world) {
    for (int i = world.round % 48; i > 0 && !world.ctx.isDone(); i--) Thread.onSpinWait();
  }

  /** Whether an interrupt comes that must. */
  private static boolean isInterrupted() {
    TimeSource time = TimeSource.system();
    long end = time.nanoTime() + LIMIT_NANOS;
    while (!Thread.currentThread().isInterrupted()) {
      if (time.nanoTime() - end > 0) return false;
      LockSupport.parkNanos(10_000);
    }
    return true;
  }
}
