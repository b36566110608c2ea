package dev.lanyard.proofs.pairs;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/** A row: the pair; what the first thread saw; what the other one saw; how the group ended. */
@JCStressTest
@Outcome(
    id = {
      // Two ends, or the end of a fork: the first one wins.
      "CANCEL CANCEL, (one|other), \\1, \\1",
      "CANCEL END_ABOVE, (one|above), \\1, \\1",
      "CANCEL CLOSE, (one|closed), \\1, \\1",
      "CANCEL FAIL, (one|other), \\1, \\1",
      "CANCEL FINISH, one, ok, one",
      "END_ABOVE END_ABOVE, above, above, above",
      "END_ABOVE CLOSE, (above|closed), \\1, \\1",
      "END_ABOVE FAIL, (above|other), \\1, \\1",
      "END_ABOVE FINISH, above, ok, above",
      "CLOSE CLOSE, closed, closed, closed",
      "CLOSE FAIL, (closed|other), \\1, \\1",
      "CLOSE FINISH, closed, ok, closed",
      "FAIL FAIL, (one|other), \\1, \\1",
      "FAIL FINISH, one, ok, one",
      "FINISH FINISH, ok, ok, live",
      // A join returns when every fork has ended, with the first failure.
      "CANCEL JOIN, one, ended, one",
      "END_ABOVE JOIN, above, ended, above",
      "CLOSE JOIN, closed, ended, closed",
      "FAIL JOIN, one, failed one, one",
      "FINISH JOIN, ok, joined, closed",
      "JOIN JOIN, joined, joined, closed",
      "JOIN FORK, (joined|ended), (forked|refused), closed",
      "JOIN TRY_FORK, (joined|ended), (forked|full), closed",
      "JOIN LIMIT, joined, (set|busy), closed",
      // A fork runs, or was refused because the group had ended.
      "CANCEL FORK, one, (forked|refused), one",
      "END_ABOVE FORK, above, (forked|refused), above",
      "CLOSE FORK, closed, (forked|refused), closed",
      "FAIL FORK, one, (forked|refused), one",
      "FINISH FORK, ok, forked, live",
      "FORK FORK, forked, forked, live",
      "CANCEL TRY_FORK, one, (forked|full), one",
      "END_ABOVE TRY_FORK, above, (forked|full), above",
      "CLOSE TRY_FORK, closed, (forked|full), closed",
      "FAIL TRY_FORK, one, (forked|full), one",
      "FINISH TRY_FORK, ok, (forked|full), live",
      "FORK TRY_FORK, forked, (forked|full), live",
      "TRY_FORK TRY_FORK, (forked|full), (forked|full), live",
      // The limit stands, or forks are running.
      "CANCEL LIMIT, one, (set|busy), one",
      "END_ABOVE LIMIT, above, (set|busy), above",
      "CLOSE LIMIT, closed, (set|busy), closed",
      "FAIL LIMIT, one, (set|busy), one",
      "FINISH LIMIT, ok, (set|busy), live",
      "FORK LIMIT, forked, (set|busy), live",
      "TRY_FORK LIMIT, (forked|full), (set|busy), live",
      "LIMIT LIMIT, (set|busy), (set|busy), live",
      // What a fork says of itself.
      "CANCEL ASK, one, (running|failed), one",
      "END_ABOVE ASK, above, (running|failed), above",
      "CLOSE ASK, closed, (running|failed), closed",
      "FAIL ASK, one, (running|failed), one",
      "FINISH ASK, ok, (running|ran), live",
      // Groups of their own, which end with what is above.
      "END_ABOVE ALL, above, (ran ran|ended), above",
      "END_ABOVE FIRST, above, (ran|ended), above",
    },
    expect = ACCEPTABLE)
@Outcome(expect = FORBIDDEN, desc = "what no order of the two can show")
@State
public class GroupRaces extends GroupWorld {
  private static final Draws<GroupOperation> DRAWS =
      new Draws<>(GroupRaces.class, GroupOperation.class);

  public GroupRaces() {
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
