package dev.lanyard.proofs.pairs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/** Wrong on purpose: its table lacks a row. */
@JCStressTest
@Outcome(id = "STOP STOP, stopped, late, live", expect = ACCEPTABLE)
@Outcome(expect = FORBIDDEN)
@State
public class WrongRaces extends ContextWorld {
  private static final Draws<ContextOperation> DRAWS =
      new Draws<>(WrongRaces.class, ContextOperation.class);

  public WrongRaces() {
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
