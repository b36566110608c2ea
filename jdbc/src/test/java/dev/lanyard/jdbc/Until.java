package dev.lanyard.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what no latch tells, for ten seconds at most. */
final class Until {
  private Until() {}

  static void holds(String what, BooleanSupplier condition) {
    for (int tries = 0; tries < 10_000 && !condition.getAsBoolean(); tries++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    assertThat(condition.getAsBoolean()).as(what).isTrue();
  }
}
