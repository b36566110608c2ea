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
 * A row: the pair; what the first thread saw; what the other one saw; how the context ended. To
 * whoever moves the clock the context may look live: an alarm that is set for a moment that has
 * just passed rings a little later.
 */
@JCStressTest
@Outcome(
    id = {
      // Two ends: the first one wins, for both threads and for all below.
      "CANCEL CANCEL, (one|other), \\1, \\1",
      "CANCEL EXPIRE, (one|deadline), (live|\\1), \\1",
      "CANCEL END_ABOVE, (one|above), \\1, \\1",
      "CANCEL END_BESIDE, (one|beside), \\1, \\1",
      "CANCEL CLOSE_BELOW, one, (below|one), one",
      "EXPIRE EXPIRE, (live|deadline), (live|deadline), deadline",
      "EXPIRE END_ABOVE, (live|deadline|above), (deadline|above), \\2",
      "EXPIRE END_BESIDE, (live|deadline|beside), (deadline|beside), \\2",
      "EXPIRE CLOSE_BELOW, (live|deadline), (below|deadline), deadline",
      "END_ABOVE END_ABOVE, above, above, above",
      "END_ABOVE END_BESIDE, (above|beside), \\1, \\1",
      "END_ABOVE CLOSE_BELOW, above, (below|above), above",
      "END_BESIDE END_BESIDE, beside, beside, beside",
      "END_BESIDE CLOSE_BELOW, beside, (below|beside), beside",
      "CLOSE_BELOW CLOSE_BELOW, below, below, live",
      // An extension: it was granted and stands, or was refused because the end came first.
      "CANCEL EXTEND, one, (extended|refused), one",
      "EXPIRE EXTEND, (live|deadline), refused, deadline",
      "EXPIRE EXTEND, live, extended, live",
      "END_ABOVE EXTEND, above, (extended|refused), above",
      "END_BESIDE EXTEND, beside, (extended|refused), beside",
      "CLOSE_BELOW EXTEND, below, extended, live",
      "EXTEND EXTEND, (extended|refused), extended, live",
      "EXTEND POLL, extended, live, live",
      "EXTEND DEADLINE, extended, (old|new), live",
      "EXTEND (DONE|ON_DONE|DERIVE|LINK|AWAIT_STAGE), extended, ok, live",
      "EXTEND STOP, extended, stopped, live",
      // A question.
      "CANCEL POLL, one, (live|one), one",
      "EXPIRE POLL, (live|deadline), (live|deadline), deadline",
      "END_ABOVE POLL, above, (live|above), above",
      "END_BESIDE POLL, beside, (live|beside), beside",
      "CLOSE_BELOW POLL, below, live, live",
      "POLL POLL, live, live, live",
      "POLL (DONE|ON_DONE|DERIVE|LINK|AWAIT_STAGE), live, ok, live",
      "POLL STOP, live, stopped, live",
      // Listeners that come: they are told, once.
      "CANCEL (DONE|ON_DONE|DERIVE|LINK|AWAIT_STAGE), one, ok, one",
      "EXPIRE (DONE|ON_DONE|DERIVE|LINK|AWAIT_STAGE), (live|deadline), ok, deadline",
      "END_ABOVE (DONE|ON_DONE|DERIVE|LINK|AWAIT_STAGE), above, ok, above",
      "END_BESIDE (DONE|ON_DONE|DERIVE|LINK|AWAIT_STAGE), beside, ok, beside",
      "CLOSE_BELOW (DONE|ON_DONE|DERIVE|LINK|AWAIT_STAGE), below, ok, live",
      "(DONE|ON_DONE|DERIVE|LINK|AWAIT_STAGE) (DONE|ON_DONE|DERIVE|LINK|AWAIT_STAGE), ok, ok, live",
      // A listener that goes: it was told, or stopped.
      "CANCEL STOP, one, (stopped|late), one",
      "EXPIRE STOP, (live|deadline), (stopped|late), deadline",
      "END_ABOVE STOP, above, (stopped|late), above",
      "END_BESIDE STOP, beside, (stopped|late), beside",
      "CLOSE_BELOW STOP, below, (stopped|late), live",
      "(DONE|ON_DONE) STOP, ok, stopped, live",
      "STOP (DERIVE|LINK|AWAIT_STAGE), stopped, ok, live",
      "STOP STOP, stopped, late, live",
      "STOP STOP, late, stopped, live",
    },
    expect = ACCEPTABLE)
@Outcome(expect = FORBIDDEN, desc = "what no order of the two can show")
@State
public class ContextRaces extends ContextWorld {
  private static final Draws<ContextOperation> DRAWS =
      new Draws<>(ContextRaces.class, ContextOperation.class);

  public ContextRaces() {
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
