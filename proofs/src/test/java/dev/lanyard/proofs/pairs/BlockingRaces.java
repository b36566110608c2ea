package dev.lanyard.proofs.pairs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * As {@link ContextRaces}, where a thread waits or another one is started. What stands opposite a
 * thread that waits also ends the context, from above if it has no end of its own.
 */
@JCStressTest
@Outcome(
    id = {
      // An action on a thread of its own.
      "CANCEL AFTER_FUNC, one, ok, one",
      "EXPIRE AFTER_FUNC, (live|deadline), ok, deadline",
      "END_ABOVE AFTER_FUNC, above, ok, above",
      "END_BESIDE AFTER_FUNC, beside, ok, beside",
      "CLOSE_BELOW AFTER_FUNC, below, ok, live",
      "EXTEND AFTER_FUNC, extended, ok, live",
      "POLL AFTER_FUNC, live, ok, live",
      "STOP AFTER_FUNC, stopped, ok, live",
      "(DONE|ON_DONE|DERIVE|LINK|AWAIT_STAGE|AFTER_FUNC) AFTER_FUNC, ok, ok, live",
      // Whoever waits is woken, once the context has ended and not before.
      "CANCEL AWAIT, one, woken, one",
      "EXPIRE AWAIT, (live|deadline), woken, deadline",
      "END_ABOVE AWAIT, above, woken, above",
      "END_BESIDE AWAIT, beside, woken, beside",
      "CLOSE_BELOW AWAIT, below, woken, above",
      "EXTEND AWAIT, extended, woken, above",
      "POLL AWAIT, live, woken, above",
      "STOP AWAIT, stopped, woken, above",
      "(DONE|ON_DONE|DERIVE|LINK|AWAIT_STAGE|AFTER_FUNC) AWAIT, ok, woken, above",
      "AWAIT AWAIT, woken, woken, above",
      "AWAIT REGION, woken, quiet, above",
      "AWAIT INTERRUPT, (woken|interrupted), sent, above",
      // A region is refused, interrupted, or left before.
      "CANCEL REGION, one, (refused|quiet|interrupted), one",
      "EXPIRE REGION, (live|deadline), (refused|quiet|interrupted), deadline",
      "END_ABOVE REGION, above, (refused|quiet|interrupted), above",
      "END_BESIDE REGION, beside, (refused|quiet|interrupted), beside",
      "CLOSE_BELOW REGION, below, quiet, live",
      "EXTEND REGION, extended, quiet, live",
      "POLL REGION, live, quiet, live",
      "STOP REGION, stopped, quiet, live",
      "(DONE|ON_DONE|DERIVE|LINK|AWAIT_STAGE|AFTER_FUNC) REGION, ok, quiet, live",
      "REGION REGION, quiet, quiet, live",
      "REGION INTERRUPT, quiet, sent, live",
    },
    expect = ACCEPTABLE)
@Outcome(expect = FORBIDDEN, desc = "what no order of the two can show")
@State
public class BlockingRaces extends ContextWorld {
  private static final Draws<ContextOperation> DRAWS =
      new Draws<>(BlockingRaces.class, ContextOperation.class);

  public BlockingRaces() {
    super(DRAWS);
  }

  @Actor
  public void one(LLLL_Result seen) {
    seen.r2 = act(Side.ONE);
  }

  @Actor
  public void other(LLLL_Result seen) {
    seen.r3 = act(Side.OTHER);
  }

  @Arbiter
  public void afterwards(LLLL_Result seen) {
    seen.r1 = pair.toString();
    seen.r4 = settle();
  }
}
