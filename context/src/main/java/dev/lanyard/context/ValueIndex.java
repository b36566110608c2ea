package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/**
 * A hash table of the values from one of them on, so that a lookup costs the same at any depth.
 * Immutable.
 *
 * <p>It reaches down to the next index that covers more than itself. So of the indexes on a chain
 * each covers more than the one before it: a lookup asks a logarithmic number of them, and no loop
 * that binds and looks up in turn can make them take up the square of its length.
 */
final class ValueIndex {
  /** Stands for one that the next far lookup makes: a context that is asked once needs none. */
  static final ValueIndex WANTED = new ValueIndex(new Valued[1], 0, null);

  /** Open addressing, at most half full. The nearest value of a key hides the others. */
  private final @Nullable Valued[] slots;

  private final int covered;
  private final @Nullable Valued rest;

  private ValueIndex(@Nullable Valued[] slots, int covered, @Nullable Valued rest) {
    this.slots = slots;
    this.covered = covered;
    this.rest = rest;
  }

  static ValueIndex from(Valued nearest) {
    int covered = 1;
    Valued rest = nearest.next();
    while (rest != null) {
      ValueIndex known = rest.index(); // one read: others may be writing it
      if (known != null && known.covered > covered) break;
      covered++;
      rest = rest.next();
    }
    var slots = new @Nullable Valued[Integer.highestOneBit(covered) * 4];
    for (Valued each = nearest; each != null && each != rest; each = each.next()) {
      int slot = slotOf(each.key(), slots);
      if (slots[slot] == null) slots[slot] = each;
    }
    return new ValueIndex(slots, covered, rest);
  }

  /** The nearest value of this key among those that are covered. */
  @Nullable Valued holderOf(Key<?> key) {
    return slots[slotOf(key, slots)];
  }

  /** Where the lookup of a key that is not here goes on. */
  @Nullable Valued rest() {
    return rest;
  }

  /** The slot that holds the key, or would. */
  private static int slotOf(Key<?> key, @Nullable Valued[] slots) {
    int last = slots.length - 1;
    for (int slot = key.hash() & last; ; slot = (slot + 1) & last) {
      Valued held = slots[slot];
      if (held == null || held.key() == key) return slot;
    }
  }
}
