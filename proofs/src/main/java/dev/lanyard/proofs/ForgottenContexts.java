package dev.lanyard.proofs;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import java.time.Duration;

/**
 * Derives ten million contexts from one living parent, each with a timeout and a value, asks each a
 * hundred times whether it is done, and cancels none. Prints the heap before and after.
 */
public final class ForgottenContexts {
  private static final Key<Integer> NUMBER = Key.of("number");

  private ForgottenContexts() {}

  /**
   * Runs the proof.
   *
   * @param arguments how many contexts; ten million without
   */
  public static void main(String[] arguments) {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000_000;
    try (CancellableContext parent = Context.background().withCancel()) {
      forget(parent, 100_000); // so that classes and compiled code do not count
      long before = usedMegabytes(parent);
      forget(parent, count);
      long after = usedMegabytes(parent);
      System.out.printf(
          "%,d contexts forgotten under a living parent: heap %d MB before, %d MB after (limit %d MB)%n",
          count, before, after, Runtime.getRuntime().maxMemory() >> 20);
    }
  }

  private static void forget(Context parent, int count) {
    for (int i = 0; i < count; i++) {
      Context ctx = parent.withTimeout(Duration.ofMinutes(10)).withValue(NUMBER, i);
      for (int polls = 0; polls < 100; polls++) {
        if (ctx.isDone()) throw new AssertionError("nothing has ended it");
      }
    }
  }

  /** What a collected context has left in its parent is taken away by whoever polls next. */
  private static long usedMegabytes(Context parent) {
    for (int i = 0; i < 10; i++) {
      System.gc();
      forget(parent, 100);
    }
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }
}
