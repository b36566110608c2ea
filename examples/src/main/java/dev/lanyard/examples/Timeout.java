package dev.lanyard.examples;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.DeadlineExceededException;
import java.time.Duration;

/** Whoever waits decides for how long; the work gives up by itself. */
final class Timeout {
  static void main() throws InterruptedException {
    ask(Duration.ZERO, Duration.ofMinutes(1));
    ask(Duration.ofHours(1), Duration.ofMillis(50));
  }

  // @start region="guide"
  private static void ask(Duration work, Duration timeout) throws InterruptedException {
    try (CancellableContext ctx = Context.background().withTimeout(timeout)) {
      IO.println("the answer is " + answer(ctx, work));
    } catch (DeadlineExceededException late) {
      IO.println("no answer: " + late.getMessage());
    }
  }

  private static int answer(Context ctx, Duration work) throws InterruptedException {
    ctx.sleep(work);
    return 42;
  }
  // @end
}

// Output:
// the answer is 42
// no answer: context deadline exceeded
