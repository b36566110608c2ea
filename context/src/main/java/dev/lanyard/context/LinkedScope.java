package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/**
 * A scope with a second owner, from another branch or another tree, that ends with whichever ends
 * first.
 */
final class LinkedScope extends Scope {
  private final Scope second;

  /** Under the lock; after the end, of the thread that won it. */
  private @Nullable Tie ownTie;

  /** The deadline that counts on the second side, until it is extended. */
  private final @Nullable TimedScope secondDecisive;

  LinkedScope(Root root, @Nullable Scope owner, @Nullable Valued values, Scope second) {
    super(root, owner, values, Math.max(owner == null ? 1 : owner.rowBelow(), second.rowBelow()));
    this.second = second;
    secondDecisive = TimedScope.decisiveFor(second);
    // If both have ended before anyone asks, the moments tell which was first.
    if (owner != null) owner.noteDeadlineBelow();
    second.noteDeadlineBelow();
  }

  @Override
  boolean hasNothingAbove() {
    return false;
  }

  @Override
  @Nullable ContextException endAbove() {
    ContextException one = super.endAbove();
    ContextException other = second.err();
    if (other == null) return one;
    // The first may have ended between the two looks, and before the other.
    if (one == null) one = super.endAbove();
    if (one == null) return other;
    return one.isAfter(other.moment()) ? other : one;
  }

  @Override
  boolean takePlace(Listener place) {
    var tie = new Tie(second, place);
    if (!super.takePlace(place)) return false;
    boolean both = false;
    try {
      both = second.offer(tie);
    } finally {
      if (!both) super.leavePlace(place);
    }
    if (!both) return false;
    if (place instanceof Watch watch) watch.tie(tie);
    else ownTie = tie;
    return true;
  }

  @Override
  boolean leavePlace(Listener place) {
    if (place == this && ownTie != null) {
      second.remove(ownTie);
      ownTie = null;
    }
    return super.leavePlace(place);
  }

  /** What decided on the second side when this was made; an extension may have changed that. */
  @Nullable TimedScope secondDecisive() {
    return secondDecisive;
  }

  Scope second() {
    return second;
  }

  /**
   * Of the other side only the last step: its whole path may be as long as this one, and lead here
   * by many ways.
   */
  @Override
  public void describe(StringBuilder path) {
    var other = new StringBuilder();
    if (!(second instanceof LinkedScope)) second.describe(other);
    path.append(".LinkedTo(…").append(other).append(')');
  }

  /** The place of a linked scope in the list of its second owner. */
  static final class Tie extends Listener {
    private final Listener place;

    Tie(Scope second, Listener place) {
      super(second);
      this.place = place;
    }

    @Override
    @Nullable Scope below() {
      return place.below();
    }

    /** Gives the place up. */
    void leave() {
      if (owner != null) owner.remove(this);
    }

    @Override
    void ended() {}
  }
}
