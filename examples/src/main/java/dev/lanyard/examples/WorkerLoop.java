package dev.lanyard.examples;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;

/** A worker goes round in a loop until it is told to stop. */
final class WorkerLoop {
  static void main() throws InterruptedException {
    // @start region="guide"
    var letters = new SynchronousQueue<String>();
    try (CancellableContext ctx = Context.background().withCancel()) {
      Thread worker = Thread.startVirtualThread(() -> deliver(ctx, letters));
      for (String to : new String[] {"Ada", "Grace", "Barbara"}) letters.put(to);
      ctx.cancel();
      worker.join();
    }
    IO.println("main: the worker is gone");
    // @end
  }

  // @start region="worker"
  private static void deliver(Context ctx, BlockingQueue<String> letters) {
    try {
      while (true) {
        IO.println("worker: a letter to " + ctx.callInterruptibly(letters::take));
      }
    } catch (ContextException ended) {
      IO.println("worker: I stop, " + ended.getMessage());
    } catch (InterruptedException byOthers) {
      Thread.currentThread().interrupt();
    }
  }
  // @end
}

// Output:
// worker: a letter to Ada
// worker: a letter to Grace
// worker: a letter to Barbara
// worker: I stop, context canceled
// main: the worker is gone
