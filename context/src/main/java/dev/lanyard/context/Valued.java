package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/**
 * One value on top of another context. The chain of values is apart from that of scopes: a lookup
 * never walks over a scope.
 */
final class Valued implements Lineage {
  private final Root root;
  private final @Nullable Scope scope;
  private final @Nullable Valued next;
  private final Key<?> key;
  private final @Nullable Object value;

  Valued(Lineage parent, Key<?> key, @Nullable Object value) {
    this.root = parent.root();
    this.scope = parent.scope();
    this.next = parent.values();
    this.key = key;
    this.value = value;
  }

  @SuppressWarnings("unchecked") // a key of T is only ever bound to a T
  static <T> @Nullable T find(@Nullable Valued nearest, Key<T> key) {
    for (Valued each = nearest; each != null; each = each.next) {
      if (each.key == key) return (T) each.value;
    }
    return null;
  }

  @Override
  public Root root() {
    return root;
  }

  @Override
  public @Nullable Scope scope() {
    return scope;
  }

  @Override
  public Valued values() {
    return this;
  }

  @Override
  public Lineage parent() {
    return Lineage.parent(root, scope, next);
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
