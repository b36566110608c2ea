package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/**
 * Stands for a scope where nobody may end it: {@link Context#current()} gives this out, so that no
 * cast regains the right.
 */
record Surrogate(Scope scope) implements Lineage {
  static Lineage of(Lineage context) {
    return context instanceof Scope scope ? new Surrogate(scope) : context;
  }

  @Override
  public Root root() {
    return scope.root();
  }

  @Override
  public @Nullable Valued values() {
    return scope.values();
  }

  @Override
  public @Nullable Lineage parent() {
    return scope.parent();
  }

  @Override
  public void describe(StringBuilder path) {
    scope.describe(path);
  }

  @Override
  public String toString() {
    return scope.toString();
  }
}
