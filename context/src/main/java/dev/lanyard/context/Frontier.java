package dev.lanyard.context;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The scopes that a walk over the tree has still to visit, each at most once: a scope with two
 * owners is reached by two ways, and where many have two, by more ways than there are scopes.
 */
final class Frontier {
  /** Most walks meet no such scope and pay nothing. */
  private @Nullable Set<Scope> reached;

  private @Nullable Deque<Scope> waiting;

  /** Adds a scope that was not added before. */
  void add(Scope scope) {
    if (reached == null || waiting == null) {
      reached = Collections.newSetFromMap(new IdentityHashMap<>());
      waiting = new ArrayDeque<>();
    }
    if (reached.add(scope)) waiting.add(scope);
  }

  /** The next one; null if there is none at the moment. */
  @Nullable Scope next() {
    return waiting == null ? null : waiting.poll();
  }

  /** All that were ever added. */
  Set<Scope> reached() {
    return reached == null ? Set.of() : reached;
  }
}
