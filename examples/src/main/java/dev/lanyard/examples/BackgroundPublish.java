package dev.lanyard.examples;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Key;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A request starts something that must go on after the answer is sent. */
final class BackgroundPublish {
  private static final Key<String> USER = Key.of("user");

  static void main() throws InterruptedException {
    var broker = new CompletableFuture<String>(); // acknowledges when the request is long over

    // @start region="wrong"
    Thread wrong;
    try (CancellableContext request = Context.background().withCancel()) {
      Context ctx = request.withValue(USER, "Ada");
      wrong = Thread.startVirtualThread(() -> publish(ctx, broker));
    } // the answer is sent: the request's context ends, and what is under way with it
    wrong.join();
    // @end

    // @start region="right"
    Thread right;
    try (CancellableContext request = Context.background().withCancel()) {
      Context ctx = request.withValue(USER, "Ada").withoutCancel(); // keeps the values
      right = Thread.startVirtualThread(() -> publish(ctx, broker));
    }
    broker.complete("acknowledged");
    right.join();
    // @end
  }

  // @start region="publish"
  private static void publish(Context ctx, CompletableFuture<String> broker) {
    try (CancellableContext limited = ctx.withTimeout(Duration.ofMinutes(1))) {
      IO.println("event of " + ctx.value(USER) + " " + limited.await(broker));
    } catch (ContextException ended) {
      IO.println("event of " + ctx.value(USER) + " lost: " + ended.getMessage());
    } catch (InterruptedException byOthers) {
      Thread.currentThread().interrupt();
    }
  }
  // @end
}

// Output:
// event of Ada lost: context canceled
// event of Ada acknowledged
