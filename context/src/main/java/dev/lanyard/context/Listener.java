package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/**
 * One place in a scope's list: somebody who is told of its end. The links are the scope's business,
 * under the rules at the top of {@link Scope}.
 */
abstract sealed class Listener
    permits Roster, Lanes, Watch, LinkedScope.Tie, Callback, Stage, Waiter, InterruptRegion {
  /** The scope that tells; null above the topmost. For a scope this is its parent. */
  final @Nullable Scope owner;

  @Nullable Listener previous;
  @Nullable Listener next;

  /** Which of the scope's {@link Lanes} it is in, from one; zero in the scope's own list. */
  byte lane;

  Listener(@Nullable Scope owner) {
    this.owner = owner;
  }

  /** The scope that ends when the owner does, if this is the place of one. */
  @Nullable Scope below() {
    return null;
  }

  /**
   * Called once, after the owner and all below it are done, on the thread that ended it, with no
   * lock held.
   */
  abstract void ended();
}
