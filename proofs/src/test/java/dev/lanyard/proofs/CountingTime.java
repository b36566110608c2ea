package dev.lanyard.proofs;

import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The system's time, and how many alarms are armed. */
final class CountingTime implements TimeSource {
  private final TimeSource system = TimeSource.system();
  private final AtomicInteger armed = new AtomicInteger();

  @Override
  public long nanoTime() {
    return system.nanoTime();
  }

  @Override
  public Instant instant() {
    return system.instant();
  }

  @Override
  public Registration schedule(long nanoTime, Runnable action) {
    armed.incrementAndGet();
    var gone = new AtomicBoolean();
    Registration alarm =
        system.schedule(
            nanoTime,
            () -> {
              if (gone.compareAndSet(false, true)) armed.decrementAndGet();
              action.run();
            });
    return () -> {
      boolean stopped = alarm.stop();
      if (gone.compareAndSet(false, true)) armed.decrementAndGet();
      return stopped;
    };
  }

  int armed() {
    return armed.get();
  }
}
