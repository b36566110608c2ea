package dev.lanyard.proofs.pairs;

import java.util.List;

/** What threads do to one group, and how its forks end. */
@SuppressWarnings("ImmutableEnumChecker") // method references and a list that nobody changes
enum GroupOperation {
  /** The end of its context, by whoever has it. */
  CANCEL(GroupWorld::cancel),
  END_ABOVE(GroupWorld::endAbove),
  CLOSE(GroupWorld::close, "close"),
  FAIL(GroupWorld::fail),
  FINISH(GroupWorld::finish),
  JOIN(GroupWorld::join, "join"),
  FORK(GroupWorld::fork, "fork"),
  TRY_FORK(GroupWorld::tryFork, "tryFork"),
  LIMIT(GroupWorld::limit, "limit"),
  /** Of a fork. */
  ASK(GroupWorld::ask, "isDone", "result", "failure"),
  ALL(GroupWorld::all, "all"),
  FIRST(GroupWorld::first, "first"),
  READ(GroupWorld::read, "in", "independent", "context");

  private final Act act;

  /** The public methods that this stands for. */
  final List<String> methods;

  GroupOperation(Act act, String... methods) {
    this.act = act;
    this.methods = List.of(methods);
  }

  /** Carries the operation out and says what the thread has seen. */
  String on(GroupWorld world, Side side) {
    return act.on(world, side);
  }

  /** Whether it ends the forks that are there. */
  boolean endsForks() {
    return this == CANCEL || this == END_ABOVE || this == CLOSE || endsOneFork();
  }

  boolean endsOneFork() {
    return this == FAIL || this == FINISH;
  }

  private interface Act {
    String on(GroupWorld world, Side side);
  }
}
