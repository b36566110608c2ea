package dev.lanyard.proofs.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.proofs.Cause;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two that end the same context, or one above and one below it. */
public final class Cancel {
  private Cancel() {}

  private static String name(@Nullable Throwable cause) {
    return cause == null ? "live" : String.valueOf(cause.getMessage());
  }

  /** The first cause wins, and everyone sees the same one at once. */
  @JCStressTest
  @Outcome(id = "x, x, x", expect = ACCEPTABLE)
  @Outcome(id = "y, y, y", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "two causes, or none")
  @State
  public static class DifferentCauses {
    private final CancellableContext ctx = Context.background().withCancel();

    @Actor
    public void one(LLL_Result seen) {
      ctx.cancel(new Cause("x"));
      seen.r1 = name(ctx.cause());
    }

    @Actor
    public void other(LLL_Result seen) {
      ctx.cancel(new Cause("y"));
      seen.r2 = name(ctx.cause());
    }

    @Arbiter
    public void afterwards(LLL_Result seen) {
      seen.r3 = name(ctx.cause());
    }
  }

  @JCStressTest
  @Outcome(id = "x, x, x", expect = ACCEPTABLE)
  @Outcome(id = "y, y, y", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "two causes, or none")
  @State
  public static class ParentAndChild {
    private final CancellableContext parent = Context.background().withCancel();
    private final CancellableContext child = parent.withCancel();

    @Actor
    public void parent(LLL_Result seen) {
      parent.cancel(new Cause("x"));
      seen.r1 = name(child.cause());
    }

    @Actor
    public void child(LLL_Result seen) {
      child.cancel(new Cause("y"));
      seen.r2 = name(child.cause());
    }

    @Arbiter
    public void afterwards(LLL_Result seen) {
      seen.r3 = name(child.cause());
    }
  }

  /** Whoever comes second walks along: each has seen everything below done. */
  @JCStressTest
  @Outcome(id = "true, true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "returned before everything below was done")
  @State
  public static class BothReturnWhenAllBelowIsDone {
    private final CancellableContext top = Context.background().withCancel();
    private final Context leaf = top.withCancel().withCancel().withCancel();

    public BothReturnWhenAllBelowIsDone() {
      var _ = leaf.onDone(() -> {});
    }

    @Actor
    public void one(ZZ_Result seen) {
      top.cancel();
      seen.r1 = leaf.isDone();
    }

    @Actor
    public void other(ZZ_Result seen) {
      top.cancel();
      seen.r2 = leaf.isDone();
    }
  }

  /** As if every end were volatile: whoever returns second sees both. */
  @JCStressTest
  @Outcome(id = "false, false", expect = FORBIDDEN, desc = "each missed the end that came first")
  @Outcome(expect = ACCEPTABLE)
  @State
  public static class EachAsksForTheOther {
    private final CancellableContext one = Context.background().withCancel();
    private final CancellableContext other = Context.background().withCancel();

    @Actor
    public void one(ZZ_Result seen) {
      one.cancel();
      seen.r1 = other.isDone();
    }

    @Actor
    public void other(ZZ_Result seen) {
      other.cancel();
      seen.r2 = one.isDone();
    }
  }

  /** Row 118. */
  @JCStressTest
  @Outcome(id = "true, 0", expect = FORBIDDEN, desc = "done, without what came before")
  @Outcome(expect = ACCEPTABLE)
  @State
  public static class HappensBefore {
    private final CancellableContext parent = Context.background().withCancel();
    private final Context child = parent.withCancel();
    private int written;

    @Actor
    public void write() {
      written = 1;
      parent.cancel();
    }

    @Actor
    public void read(ZI_Result seen) {
      seen.r1 = child.isDone();
      seen.r2 = written;
    }
  }
}
