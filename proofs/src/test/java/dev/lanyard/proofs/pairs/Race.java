package dev.lanyard.proofs.pairs;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One race of two operations over a world of their own. Every state of a jcstress class is the next
 * pair of its table, so one class races many pairs, each with its own rows of outcomes.
 *
 * @param <O> the operations
 */
abstract class Race<O extends Enum<O>> {
  /** So long a thread waits for the other one, which may not have a processor. */
  private static final int PATIENCE = 2_000;

  private static final int LONGEST_DELAY = 24;

  final Pair<O> pair;

  /** How often this pair was raced before: every world is built a little differently. */
  final int round;

  private volatile boolean oneIsHere;
  private volatile boolean otherIsHere;
  private volatile @Nullable String fault;

  Race(Draws<O> draws) {
    int number = draws.next();
    pair = draws.pairs.get(number % draws.pairs.size());
    round = number / draws.pairs.size();
  }

  /**
   * Lets both threads begin together, or one of them a little later. Threads that follow each other
   * through many states drift apart, and then hardly ever meet. Every fourth race does without: no
   * order between the threads is then of the test's own making.
   */
  final void meet(Side side) {
    int mixed = (round * 0x9E3779B9) >>> 16;
    if (mixed % 4 == 0) return;
    if (side == Side.ONE) oneIsHere = true;
    else otherIsHere = true;
    for (int i = 0; i < PATIENCE && !(oneIsHere && otherIsHere); i++) Thread.onSpinWait();
    int delay = mixed / 4 % (2 * LONGEST_DELAY) - LONGEST_DELAY;
    for (int i = side == Side.ONE ? delay : -delay; i > 0; i--) Thread.onSpinWait();
  }

  /** Something that no outcome table would notice. */
  final void fault(String what) {
    fault = what;
  }

  final String orFault(String outcome) {
    return fault == null ? outcome : "FAULT: " + fault;
  }

  /** Deals the pairs of one outcome table in turn. */
  static final class Draws<O extends Enum<O>> {
    private final List<Pair<O>> pairs;
    private final AtomicInteger drawn = new AtomicInteger();

    Draws(Class<?> race, Class<O> operations) {
      pairs = List.copyOf(Pair.raced(race, operations));
    }

    private int next() {
      return drawn.getAndIncrement() & Integer.MAX_VALUE;
    }
  }
}
