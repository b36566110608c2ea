package dev.lanyard.examples;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Signals;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** Ctrl+C ends a context; the program finishes what it is about and ends by itself. */
final class GracefulShutdown {
  static void main() throws IOException, InterruptedException {
    // @start region="guide"
    try (CancellableContext ctx = Signals.notifyContext(Context.background())) {
      var serving = new CountDownLatch(1);
      Thread server = Thread.startVirtualThread(() -> serve(ctx, serving));
      serving.await();
      terminate(ProcessHandle.current()); // or Ctrl+C
      server.join();
      IO.println("main: " + ctx.cause());
    }
    // @end
  }

  private static void serve(Context ctx, CountDownLatch serving) {
    IO.println("server: ready");
    serving.countDown();
    try {
      ctx.await();
      IO.println("server: the last answer is sent");
    } catch (InterruptedException byOthers) {
      Thread.currentThread().interrupt();
    }
  }

  private static void terminate(ProcessHandle program) throws IOException {
    new ProcessBuilder("kill", "-TERM", Long.toString(program.pid())).start();
  }
}

// Output:
// server: ready
// server: the last answer is sent
// main: dev.lanyard.context.SignalException: terminated signal received
