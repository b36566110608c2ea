package dev.lanyard.proofs.pairs;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.openjdk.jcstress.annotations.Outcome;

/**
 * Two operations that race, in the order in which their enum declares them.
 *
 * @param <O> the operations
 */
record Pair<O extends Enum<O>>(O one, O other) {
  Pair {
    if (one.compareTo(other) > 0)
      throw new IllegalArgumentException(other + " comes before " + one);
  }

  boolean has(O operation) {
    return one == operation || other == operation;
  }

  /** What stands opposite. */
  O opposite(Side side) {
    return side == Side.ONE ? other : one;
  }

  @Override
  public String toString() {
    return one + " " + other;
  }

  /** All there are, an operation with itself included. */
  static <O extends Enum<O>> List<Pair<O>> all(Class<O> operations) {
    var pairs = new ArrayList<Pair<O>>();
    for (O one : operations.getEnumConstants()) {
      for (O other : operations.getEnumConstants()) {
        if (one.compareTo(other) <= 0) pairs.add(new Pair<>(one, other));
      }
    }
    return pairs;
  }

  /**
   * Those that have a row in the outcome table of a race. A row begins with the pair, as in {@code
   * "CANCEL POLL, ..."}, or with several: {@code "(CANCEL|EXPIRE) (POLL|STOP), ..."}.
   */
  static <O extends Enum<O>> Set<Pair<O>> raced(Class<?> race, Class<O> operations) {
    var pairs = new LinkedHashSet<Pair<O>>();
    for (Outcome outcome : race.getAnnotationsByType(Outcome.class)) {
      for (String row : outcome.id()) {
        if (row.isEmpty()) continue; // everything else
        String[] names = row.substring(0, row.indexOf(',')).split(" ", 2);
        for (O one : alternatives(names[0], operations)) {
          for (O other : alternatives(names[1], operations)) {
            if (one.compareTo(other) <= 0) pairs.add(new Pair<>(one, other));
          }
        }
      }
    }
    return pairs;
  }

  private static <O extends Enum<O>> List<O> alternatives(String names, Class<O> operations) {
    var found = new ArrayList<O>();
    for (String name : names.replaceAll("[()]", "").split("\\|", -1)) {
      found.add(Enum.valueOf(operations, name));
    }
    return found;
  }
}
