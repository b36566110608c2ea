package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/**
 * One value on top of another context. The chain of values is apart from that of scopes: a lookup
 * never walks over a scope.
 */
final class Valued implements Lineage {
  /** So many values are walked over; whoever looks further than that, and again, gets an index. */
  private static final int NEAR = 8;

  /** The nearest scope, or the root where there is none: one field for both keeps a value small. */
  private final Lineage origin;

  private final @Nullable Valued next;
  private final Key<?> key;
  private final @Nullable Object value;

  /**
   * Where the values from here on are; made when a second lookup from here goes far. Threads race
   * for it without care: each of theirs gives the right answers, and what it holds is final.
   */
  private @Nullable ValueIndex index;

  Valued(Lineage parent, Key<?> key, @Nullable Object value) {
    Scope scope = parent.scope();
    this.origin = scope != null ? scope : parent.root();
    this.next = parent.values();
    this.key = key;
    this.value = value;
  }

  @SuppressWarnings("unchecked") // a key of T is only ever bound to a T
  static <T> @Nullable T find(@Nullable Valued nearest, Key<T> key) {
    Valued holder = nearest == null ? null : nearest.holderOf(key);
    return holder == null ? null : (T) holder.value;
  }

  private @Nullable Valued holderOf(Key<?> sought) {
    int steps = 0;
    Valued each = this;
    while (each != null && each.key != sought) {
      ValueIndex known = each.index;
      if (known == null || known == ValueIndex.WANTED) {
        each = each.next;
        steps++;
      } else {
        Valued holder = known.holderOf(sought);
        if (holder != null) return holder;
        each = known.rest();
      }
    }
    if (steps > NEAR) {
      ValueIndex own = index;
      index = own == null ? ValueIndex.WANTED : ValueIndex.from(this);
    }
    return each;
  }

  @Nullable Valued next() {
    return next;
  }

  Key<?> key() {
    return key;
  }

  @Nullable ValueIndex index() {
    return index;
  }

  @Override
  public Root root() {
    return origin.root();
  }

  @Override
  public @Nullable Scope scope() {
    return origin instanceof Scope scope ? scope : null;
  }

  @Override
  public Valued values() {
    return this;
  }

  @Override
  public Lineage parent() {
    return Lineage.parent(root(), scope(), next);
  }

  @Override
  public void describe(StringBuilder path) {
    path.append(".WithValue(").append(key.name()).append(", ");
    if (value == null) {
      path.append("null");
    } else {
      path.append(key.isPrinted() ? value.toString() : typeOf(value));
    }
    path.append(')');
  }

  private static String typeOf(Object value) {
    String name = value.getClass().getSimpleName();
    return name.isEmpty() ? value.getClass().getName() : name;
  }

  @Override
  public String toString() {
    return path();
  }
}
