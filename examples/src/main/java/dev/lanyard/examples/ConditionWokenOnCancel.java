package dev.lanyard.examples;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Group;
import dev.lanyard.context.Registration;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A thread that waits on a condition variable also wakes when its context ends. */
final class ConditionWokenOnCancel {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean open;

  // @start region="guide"
  void awaitOpen(Context ctx) {
    lock.lock();
    try (Registration _ = ctx.afterFunc(this::wakeAll)) {
      while (!open) {
        ctx.throwIfDone();
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void wakeAll() {
    lock.lock(); // without it the signal could come between a look at the context and the wait
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // @end

  static void main() throws ExecutionException, InterruptedException {
    var gate = new ConditionWokenOnCancel();
    try (Group visitors = Group.in(Context.background())) {
      for (int visitor = 0; visitor < 3; visitor++) visitors.fork(() -> visit(gate));
      visitors.join();
    }
  }

  private static boolean visit(ConditionWokenOnCancel gate) {
    try (CancellableContext ctx = Context.background().withTimeout(Duration.ofMillis(50))) {
      gate.awaitOpen(ctx);
      return true;
    } catch (ContextException ended) {
      IO.println(ended.getMessage());
      return false;
    }
  }
}

// Output:
// context deadline exceeded
// context deadline exceeded
// context deadline exceeded
