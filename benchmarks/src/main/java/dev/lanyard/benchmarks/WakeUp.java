package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * From the call of {@code cancel} to the first instruction of a thread that was blocked in {@code
 * await}. The canceller either goes on working or blocks next, until the other thread has run.
 * Beside it the same with nothing but park and unpark: what the platform takes for it.
 */
final class WakeUp {
  private static final TimeSource TIME = TimeSource.system();
  private static final long SETTLING_NANOS = 100_000;

  /** So that all of it is compiled, as it would be in a server. */
  private static final int WARM_UP = 20_000;

  /** What the one thread waits for and the other fires. */
  private interface Signal {
    void await() throws InterruptedException;

    void fire();
  }

  private static final class OfContext implements Signal {
    private final CancellableContext ctx = Context.background().withCancel();

    @Override
    public void await() throws InterruptedException {
      ctx.await();
    }

    @Override
    public void fire() {
      ctx.cancel();
    }
  }

  private static final class OfPark implements Signal {
    private volatile boolean fired;
    private volatile Thread waiter = Thread.currentThread();

    @Override
    public void await() {
      waiter = Thread.currentThread();
      while (!fired) LockSupport.park(this);
    }

    @Override
    public void fire() {
      fired = true;
      LockSupport.unpark(waiter);
    }
  }

  private final Thread.Builder threads;
  private final boolean cancellerBlocks;
  private volatile long woken;

  private WakeUp(Thread.Builder threads, boolean cancellerBlocks) {
    this.threads = threads;
    this.cancellerBlocks = cancellerBlocks;
  }

  static List<OneShot> programs() {
    var programs = new ArrayList<OneShot>();
    for (boolean platform : new boolean[] {false, true}) {
      for (boolean blocks : new boolean[] {false, true}) {
        String name =
            (platform ? "wake-up-platform" : "wake-up")
                + (blocks ? "-canceller-blocks" : "-canceller-goes-on");
        programs.add(program(name, platform, blocks, OfContext::new));
        programs.add(program("jdk-" + name, platform, blocks, OfPark::new));
      }
    }
    return programs;
  }

  private static OneShot program(
      String name, boolean platform, boolean blocks, Supplier<Signal> signals) {
    return new OneShot(
        "WakeUp",
        name,
        (report, divisor) ->
            new WakeUp(platform ? Thread.ofPlatform() : Thread.ofVirtual(), blocks)
                .measure(report, signals, divisor));
  }

  private void measure(Report report, Supplier<Signal> signals, int divisor)
      throws InterruptedException {
    long[] samples = new long[5_000 / divisor];
    Runnable canceller =
        () -> {
          for (int i = 0; i < WARM_UP / divisor; i++) sample(signals.get(), false);
          for (int i = 0; i < samples.length; i++) samples[i] = sample(signals.get(), true);
        };
    threads.start(canceller).join();
    report.say("p50", Report.percentile(samples, 0.5) / 1e3, "us");
    report.say("p99", Report.percentile(samples, 0.99) / 1e3, "us");
  }

  private long sample(Signal signal, boolean settled) {
    woken = 0;
    var back = new OfPark();
    Thread waiter =
        threads.start(() -> {
          try {
            signal.await();
          } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
          }
          woken = TIME.nanoTime();
          back.fire();
        });
    if (settled) {
      do LockSupport.parkNanos(SETTLING_NANOS); // let it block, and its carrier go to sleep, too
      while (waiter.getState() != Thread.State.WAITING);
    }
    long start = TIME.nanoTime();
    signal.fire();
    if (cancellerBlocks || !settled) back.await();
    while (woken == 0) Thread.onSpinWait();
    return woken - start;
  }
}
