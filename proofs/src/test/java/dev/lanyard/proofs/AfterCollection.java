package dev.lanyard.proofs;

import dev.lanyard.testing.Eventually;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for what becomes true only after the garbage collector has run. */
final class AfterCollection {
  private AfterCollection() {}

  static void holds(Supplier<String> what, Callable<Boolean> condition) {
    Eventually.holds(
        what,
        () -> {
          System.gc();
          return condition.call();
        });
  }
}
