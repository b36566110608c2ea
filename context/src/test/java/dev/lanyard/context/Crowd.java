package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;

/** Threads that get in each other's way at one scope, until it has lanes. */
final class Crowd {
  private Crowd() {}

  static <C extends Context> C under(C context) {
    Scope scope = (Scope) context;
    for (int meetings = 0; scope.lanes() == null; meetings++) {
      assertThat(meetings).as("threads that had to wait, and still no lanes").isLessThan(20);
      Together.join(meet(scope));
    }
    return context;
  }

  /** Has a thread that wants to listen find the lock taken, for certain; it goes on by itself. */
  static Thread meet(Scope scope) {
    Thread waiting;
    scope.lock();
    try {
      waiting = Thread.ofPlatform().daemon().start(() -> scope.onDone(() -> {}).stop());
      Together.eventually(
          "a thread waits for the lock", () -> LockSupport.getBlocker(waiting) == scope);
    } finally {
      scope.unlock();
    }
    return waiting;
  }
}
