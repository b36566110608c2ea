package dev.lanyard.proofs.faults;

import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * The clocks of a machine whose wall clock is wrong.
 *
 * @param shift how far it is ahead
 */
record ShiftedTime(Duration shift) implements TimeSource {
  @Override
  public long nanoTime() {
    return TimeSource.system().nanoTime();
  }

  @Override
  public Instant instant() {
    return TimeSource.system().instant().plus(shift);
  }

  @Override
  public Registration schedule(long nanoTime, Runnable action) {
    return TimeSource.system().schedule(nanoTime, action);
  }
}
