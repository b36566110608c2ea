package dev.lanyard.proofs.pairs;

import java.util.List;

/** What threads do to one context, to a registration on it, to its deadline or in its regions. */
@SuppressWarnings("ImmutableEnumChecker") // method references and a list that nobody changes
enum ContextOperation {
  CANCEL(ContextWorld::cancel, "cancel", "close"),
  EXPIRE(ContextWorld::expire),
  END_ABOVE(ContextWorld::endAbove),
  END_BESIDE(ContextWorld::endBeside),
  CLOSE_BELOW(ContextWorld::closeBelow),
  EXTEND(ContextWorld::extend, "extendTo"),
  POLL(ContextWorld::poll, "err", "isDone", "cause", "throwIfDone", "remaining"),
  DEADLINE(ContextWorld::deadline, "deadline"),
  DONE(ContextWorld::done, "done"),
  ON_DONE(ContextWorld::onDone, "onDone"),
  STOP(ContextWorld::stop, "stop", "close"),
  DERIVE(ContextWorld::derive, "withCancel", "withTimeout", "withDeadline", "withValue"),
  LINK(ContextWorld::link, "linkedTo"),
  AWAIT_STAGE(ContextWorld::awaitStage, "await"),
  AFTER_FUNC(ContextWorld::afterFunc, "afterFunc"),
  AWAIT(Blocking::await, "await", "sleep"),
  REGION(Blocking::region, "callInterruptibly", "shielded"),
  /** Somebody else's interrupt: not ours, but what ours must not disturb. */
  INTERRUPT(Blocking::interrupt),
  READ(
      ContextWorld::read,
      "value",
      "isCancellable",
      "withoutCancel",
      "call",
      "run",
      "wrap",
      "current",
      "background",
      "todo",
      "root");

  private final Act act;

  /** The public methods that this stands for. */
  final List<String> methods;

  ContextOperation(Act act, String... methods) {
    this.act = act;
    this.methods = List.of(methods);
  }

  /** Carries the operation out and says what the thread has seen. */
  String on(ContextWorld world, Side side) {
    return act.on(world, side);
  }

  /** Whether the context is certain to end by it, so that a thread that waits is woken. */
  boolean endsTheContext() {
    return this == CANCEL || this == EXPIRE || this == END_ABOVE || this == END_BESIDE;
  }

  private interface Act {
    String on(ContextWorld world, Side side);
  }
}
