package dev.lanyard.jdbc;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** For the end of a context while a driver is busy. */
final class Soon {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

  private Soon() {}

  /**
   * On another thread, some milliseconds from now. That the driver has begun is likely by then; it
   * does not matter to the outcome of a test.
   */
  static void run(Runnable action) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          LockSupport.parkNanos(PAUSE);
          action.run();
        });
  }
}
