package dev.lanyard.proofs.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.Registration;
import dev.lanyard.proofs.HandMovedTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A clock that reaches the deadline while something else happens. */
public final class Deadlines {
  private Deadlines() {}

  /** What every state here has: a context that ends at 100. */
  abstract static class Timed {
    final HandMovedTime time = new HandMovedTime();
    final Context root = Context.root(time);
    final CancellableContext ctx = root.withTimeout(Duration.ofNanos(100));
    final Deadline later = Deadline.after(Duration.ofNanos(200), time);
  }

  @JCStressTest
  @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "stopped")
  @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "ran")
  @Outcome(expect = FORBIDDEN, desc = "both, or neither")
  @State
  public static class StopAndTimer extends Timed {
    private final AtomicInteger ran = new AtomicInteger();
    private final Registration registration = ctx.onDone(ran::incrementAndGet);

    @Actor
    public void stop(ZI_Result seen) {
      seen.r1 = registration.stop();
    }

    @Actor
    public void timer() {
      time.moveTo(100);
    }

    @Arbiter
    public void afterwards(ZI_Result seen) {
      seen.r2 = ran.get() + time.armed() * 10;
    }
  }

  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "the deadline, for all")
  @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "the cancellation, for all")
  @Outcome(expect = FORBIDDEN, desc = "lost, twice, or an alarm is left")
  @State
  public static class CancelAndTimer extends Timed {
    private final AtomicInteger ran = new AtomicInteger();

    public CancelAndTimer() {
      var _ = ctx.onDone(ran::incrementAndGet);
    }

    @Actor
    public void cancel() {
      ctx.cancel();
    }

    @Actor
    public void timer() {
      time.moveTo(100);
    }

    @Arbiter
    public void afterwards(ZI_Result seen) {
      var err = ctx.err();
      seen.r1 = err != null && err.isTimeout();
      seen.r2 = ran.get() + time.armed() * 10;
    }
  }

  /** A new listener while the deadline passes: it is told, and not before the context is done. */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "told while the context was live, or never")
  @State
  public static class AddAndTimer extends Timed {
    private volatile int tooEarly;
    private volatile boolean ran;

    public AddAndTimer() {
      for (int i = 0; i < 8; i++) {
        if (ctx.isDone()) throw new AssertionError("its time has not come");
      }
    }

    @Actor
    public void passAndAdd() {
      time.moveTo(100);
      var _ =
          ctx.onDone(() -> {
            if (!ctx.isDone()) tooEarly = 1;
            ran = true;
          });
    }

    @Actor
    public void ninthPoll() {
      var _ = ctx.isDone();
    }

    @Arbiter
    public void afterwards(Z_Result seen) {
      time.ring();
      seen.r1 = ran && tooEarly == 0 && time.armed() == 0;
    }
  }

  /** An extension that was granted stands, whoever looks at the clock meanwhile. */
  @JCStressTest
  @Outcome(id = "true, true", expect = FORBIDDEN, desc = "extended, and the old deadline ended it")
  @Outcome(id = "false, false", expect = FORBIDDEN, desc = "refused, and the deadline is past")
  @Outcome(expect = ACCEPTABLE)
  @State
  public static class ExtendAndPoll extends Timed {
    @Actor
    public void extend(ZZ_Result seen) {
      seen.r1 = ctx.extendTo(later);
    }

    @Actor
    public void passAndPoll() {
      time.moveTo(100);
      var _ = ctx.isDone();
    }

    @Arbiter
    public void afterwards(ZZ_Result seen) {
      seen.r2 = ctx.isDone();
    }
  }

  @JCStressTest
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "extended: one alarm, for the new deadline")
  @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "ended: no alarm")
  @Outcome(expect = FORBIDDEN, desc = "extended and ended, or alarms that belong to nobody")
  @State
  public static class ExtendAndTimer extends Timed {
    public ExtendAndTimer() {
      var _ = ctx.onDone(() -> {});
    }

    @Actor
    public void extend(ZI_Result seen) {
      seen.r1 = ctx.extendTo(later);
    }

    @Actor
    public void timer() {
      time.moveTo(100);
    }

    @Arbiter
    public void afterwards(ZI_Result seen) {
      time.ring();
      seen.r2 = ctx.isDone() == seen.r1 ? -1 : time.armed();
    }
  }

  /** Whoever relied on the deadline above gets an alarm of its own when that one moves. */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "a deadline without an alarm")
  @State
  public static class ExtendAndAddBelow extends Timed {
    private final Context below = ctx.withTimeout(Duration.ofNanos(150));
    private volatile boolean ran;

    @Actor
    public void extend() {
      var _ = ctx.extendTo(later);
    }

    @Actor
    public void add() {
      var _ = below.onDone(() -> ran = true);
    }

    @Arbiter
    public void afterwards(Z_Result seen) {
      time.moveTo(150);
      seen.r1 = ran;
    }
  }

  /** Row 43: nothing stays armed below a context that has ended. */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "an alarm is left, or the action is lost")
  @State
  public static class AddAndCancelAbove {
    private final HandMovedTime time = new HandMovedTime();
    private final CancellableContext parent = Context.root(time).withCancel();
    private final Context ctx = parent.withTimeout(Duration.ofNanos(100));
    private volatile boolean ran;

    @Actor
    public void add() {
      var _ = ctx.onDone(() -> ran = true);
    }

    @Actor
    public void cancel() {
      parent.cancel();
    }

    @Arbiter
    public void afterwards(Z_Result seen) {
      seen.r1 = ran && time.armed() == 0;
    }
  }
}
