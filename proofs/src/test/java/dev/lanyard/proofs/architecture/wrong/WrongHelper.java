package dev.lanyard.proofs.architecture.wrong;

import dev.lanyard.proofs.architecture.wrong.util.Strings;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Wrong on purpose, in every way that the rules forbid: they read its class file. Nothing calls it.
 */
public final class WrongHelper {
  private WrongHelper() {}

  public static Object everything() throws InterruptedException {
    Thread.sleep(1);
    System.out.println(System.nanoTime());
    Supplier<Instant> now = Instant::now;
    return Strings.shout(Clock.systemUTC() + " " + now.get());
  }
}
