package dev.lanyard.context;

import java.time.Instant;

/** The only place of the library that reads the machine's clocks. */
enum SystemTime implements TimeSource {
  INSTANCE;

  private static final Alarms ALARMS = new Alarms(INSTANCE);

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public Registration schedule(long nanoTime, Runnable action) {
    return ALARMS.set(nanoTime, action);
  }
}
