package dev.lanyard.proofs.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Registration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Actions that come and go while the context ends. */
public final class Register {
  private Register() {}

  /** Row 86: exactly one of the two. */
  @JCStressTest
  @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "stopped")
  @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "ran")
  @Outcome(expect = FORBIDDEN, desc = "both, or neither")
  @State
  public static class StopAndCancel {
    private final AtomicInteger ran = new AtomicInteger();
    private final CancellableContext parent = Context.background().withCancel();
    private final Registration registration = parent.withCancel().onDone(ran::incrementAndGet);

    @Actor
    public void stop(ZI_Result seen) {
      seen.r1 = registration.stop();
    }

    @Actor
    public void cancel() {
      parent.cancel();
    }

    @Arbiter
    public void afterwards(ZI_Result seen) {
      seen.r2 = ran.get();
    }
  }

  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class AddAndCancel {
    private final AtomicInteger ran = new AtomicInteger();
    private final CancellableContext ctx = Context.background().withCancel();

    @Actor
    public void add() {
      var _ = ctx.onDone(ran::incrementAndGet);
    }

    @Actor
    public void cancel() {
      ctx.cancel();
    }

    @Arbiter
    public void afterwards(I_Result seen) {
      seen.r1 = ran.get();
    }
  }

  /** The whole path upwards is linked while its top ends. */
  @JCStressTest
  @Outcome(id = "1, true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class AddAndCancelOfGrandparent {
    private final AtomicInteger ran = new AtomicInteger();
    private final CancellableContext grandparent = Context.background().withCancel();
    private final Context ctx = grandparent.withCancel().withCancel();

    @Actor
    public void add() {
      var _ = ctx.onDone(ran::incrementAndGet);
    }

    @Actor
    public void cancel() {
      grandparent.cancel();
    }

    @Arbiter
    public void afterwards(IZ_Result seen) {
      seen.r1 = ran.get();
      seen.r2 = ctx.isDone();
    }
  }

  /** Row 24: made while the parent ends. */
  @JCStressTest
  @Outcome(id = "1, true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "a child that outlives its parent")
  @State
  public static class CreateAndCancel {
    private final AtomicInteger ran = new AtomicInteger();
    private final CancellableContext parent = Context.background().withCancel();
    private volatile Context child = parent;

    @Actor
    public void create() {
      child = parent.withCancel();
      var _ = child.onDone(ran::incrementAndGet);
    }

    @Actor
    public void cancel() {
      parent.cancel();
    }

    @Arbiter
    public void afterwards(IZ_Result seen) {
      seen.r1 = ran.get();
      seen.r2 = child.isDone();
    }
  }

  /**
   * The last listener goes and a new one comes while the top ends: places are given up and taken.
   */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class StopAddAndCancel {
    private final AtomicInteger firstRan = new AtomicInteger();
    private final AtomicInteger secondRan = new AtomicInteger();
    private final CancellableContext grandparent = Context.background().withCancel();
    private final Context ctx = grandparent.withCancel().withCancel();
    private final Registration first = ctx.onDone(firstRan::incrementAndGet);
    private boolean stopped;

    @Actor
    public void change() {
      stopped = first.stop();
      var _ = ctx.onDone(secondRan::incrementAndGet);
    }

    @Actor
    public void cancel() {
      grandparent.cancel();
    }

    @Arbiter
    public void afterwards(Z_Result seen) {
      seen.r1 = firstRan.get() == (stopped ? 0 : 1) && secondRan.get() == 1;
    }
  }

  /** A completed stage never belongs to a live context. */
  @JCStressTest
  @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "the stage completed afterwards")
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "seen complete, and done")
  @Outcome(expect = FORBIDDEN, desc = "complete while live, or never completed")
  @State
  public static class StageAndCancel {
    private final CancellableContext ctx = Context.background().withCancel();
    private final AtomicInteger completed = new AtomicInteger();

    @Actor
    public void ask(ZI_Result seen) {
      boolean complete = ctx.done().toCompletableFuture().isDone();
      seen.r1 = complete && ctx.isDone();
      if (complete && !ctx.isDone()) completed.set(-10);
      var _ = ctx.done().thenRun(completed::incrementAndGet);
    }

    @Actor
    public void cancel() {
      ctx.cancel();
    }

    @Arbiter
    public void afterwards(ZI_Result seen) {
      seen.r2 = completed.get();
    }
  }
}
