package dev.lanyard.examples;

import dev.lanyard.context.Context;
import dev.lanyard.context.Group;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Nine jobs, never more than three at once. */
final class WorkerPool {
  static void main() throws ExecutionException, InterruptedException {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var three = new CyclicBarrier(3); // lets nobody through alone: three at once there are, too

    // @start region="guide"
    try (Group pool = Group.in(Context.background()).limit(3)) {
      for (int job = 1; job <= 9; job++) {
        pool.fork(() -> { // waits here while three are at work
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          three.await();
          return running.decrementAndGet();
        });
      }
      pool.join();
    }
    IO.println("9 jobs done, at most " + most + " at once");
    // @end
  }
}

// Output:
// 9 jobs done, at most 3 at once
