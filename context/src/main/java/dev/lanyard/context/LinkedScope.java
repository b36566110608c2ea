package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/**
 * A scope with a second owner, from another branch or another tree, that ends with whichever ends
 * first.
 */
final class LinkedScope extends Scope {
  private final Scope second;

  /** Under the monitor. */
  private @Nullable Tie ownTie;

  LinkedScope(Root root, @Nullable Scope owner, @Nullable Valued values, Scope second) {
    super(root, owner, values);
    this.second = second;
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
    if (one == null || other == null) return one == null ? other : one;
    return one.isAfter(other.moment()) ? other : one;
  }

  @Override
  boolean takePlace(Listener place) {
    if (!super.takePlace(place)) return false;
    var tie = new Tie(second, place);
    if (!second.offer(tie)) {
      super.leavePlace(place);
      return false;
    }
    if (place instanceof Watch watch) watch.tie(() -> second.remove(tie));
    else ownTie = tie;
    return true;
  }

  @Override
  void leavePlace(Listener place) {
    super.leavePlace(place);
    if (place == this) leaveSecond();
  }

  private synchronized void leaveSecond() {
    if (ownTie != null) second.remove(ownTie);
    ownTie = null;
  }

  @Override
  @Nullable TimedScope candidate() {
    return second.decisive();
  }

  @Override
  public void describe(StringBuilder path) {
    path.append(".LinkedTo(").append(second).append(')');
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

    @Override
    void ended() {}
  }
}
