package dev.lanyard.proofs.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.proofs.Cause;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Questions to contexts that nobody listens to. */
public final class Poll {
  private Poll() {}

  private static <T extends Context> T askedOften(T ctx) {
    for (int i = 0; i < 8; i++) {
      if (ctx.isDone()) throw new AssertionError("nobody has ended it");
    }
    return ctx;
  }

  @JCStressTest
  @Outcome(id = "x, x", expect = ACCEPTABLE)
  @Outcome(id = "live, x", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the end of the parent is lost, or another")
  @State
  public static class UnlinkedChild {
    private final CancellableContext parent = Context.background().withCancel();
    private final Context child = parent.withCancel();

    @Actor
    public void poll(LL_Result seen) {
      Throwable cause = child.cause();
      seen.r1 = cause == null ? "live" : cause.getMessage();
    }

    @Actor
    public void cancel() {
      parent.cancel(new Cause("x"));
    }

    @Arbiter
    public void afterwards(LL_Result seen) {
      Throwable cause = child.cause();
      seen.r2 = cause == null ? "live" : cause.getMessage();
    }
  }

  /** The ninth poll takes a place. */
  @JCStressTest
  @Outcome(id = "true, true", expect = ACCEPTABLE)
  @Outcome(id = "false, true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "trusts a place that it did not get")
  @State
  public static class NinthPoll {
    private final CancellableContext grandparent = Context.background().withCancel();
    private final Context child = askedOften(grandparent.withCancel().withCancel());

    @Actor
    public void poll(ZZ_Result seen) {
      seen.r1 = child.isDone();
    }

    @Actor
    public void cancel() {
      grandparent.cancel();
    }

    @Arbiter
    public void afterwards(ZZ_Result seen) {
      seen.r2 = child.isDone();
    }
  }

  /** One takes a place through a watch, the other as a listener, and the top ends. */
  @JCStressTest
  @Outcome(id = "true, true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the action is lost, or cancel returned before it")
  @State
  public static class ActionsBeforeCancelReturns {
    private final CancellableContext parent = Context.background().withCancel();
    private final Context child = parent.withCancel();
    private volatile boolean ran;

    @Actor
    public void poll() {
      var _ = child.isDone();
    }

    @Actor
    public void addAndCancel(ZZ_Result seen) {
      var _ = child.onDone(() -> ran = true);
      parent.cancel();
      seen.r1 = ran;
    }

    @Arbiter
    public void afterwards(ZZ_Result seen) {
      seen.r2 = ran;
    }
  }

  /** Whichever of the two ends first, though the question overlaps both. */
  @JCStressTest
  @Outcome(id = "x", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the later end won")
  @State
  public static class FirstOfTwoOwners {
    private final CancellableContext one = Context.background().withCancel();
    private final CancellableContext other = Context.background().withCancel();
    private final Context linked = one.linkedTo(other);

    @Actor
    public void poll() {
      var _ = linked.isDone();
    }

    @Actor
    public void cancelBoth() {
      one.cancel(new Cause("x"));
      other.cancel(new Cause("y"));
    }

    @Arbiter
    public void afterwards(L_Result seen) {
      Throwable cause = linked.cause();
      seen.r1 = cause == null ? "live" : cause.getMessage();
    }
  }

  /** Added below two owners while the second ends. */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the action is lost")
  @State
  public static class SecondOwner {
    private final CancellableContext one = Context.background().withCancel();
    private final CancellableContext other = Context.background().withCancel();
    private final Context linked = one.linkedTo(other).withCancel();
    private volatile boolean ran;

    @Actor
    public void add() {
      var _ = linked.onDone(() -> ran = true);
    }

    @Actor
    public void cancel() {
      other.cancel();
    }

    @Arbiter
    public void afterwards(Z_Result seen) {
      seen.r1 = ran && linked.isDone() && !one.isDone();
    }
  }
}
