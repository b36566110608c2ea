package dev.lanyard.proofs.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Row 6: no moment at which err, done and cause disagree, in whichever order they are read. */
public final class ErrAndDone {
  private ErrAndDone() {}

  @JCStressTest
  @Outcome(id = "true, false", expect = FORBIDDEN, desc = "an err, and not done")
  @Outcome(expect = ACCEPTABLE)
  @State
  public static class ErrFirst {
    private final CancellableContext ctx = Context.background().withCancel();

    @Actor
    public void cancel() {
      ctx.cancel();
    }

    @Actor
    public void read(ZZ_Result seen) {
      seen.r1 = ctx.err() != null;
      seen.r2 = ctx.isDone();
    }
  }

  @JCStressTest
  @Outcome(id = "true, false", expect = FORBIDDEN, desc = "done, and no err")
  @Outcome(expect = ACCEPTABLE)
  @State
  public static class DoneFirst {
    private final CancellableContext ctx = Context.background().withCancel();

    @Actor
    public void cancel() {
      ctx.cancel();
    }

    @Actor
    public void read(ZZ_Result seen) {
      seen.r1 = ctx.isDone();
      seen.r2 = ctx.err() != null && ctx.cause() != null;
    }
  }
}
