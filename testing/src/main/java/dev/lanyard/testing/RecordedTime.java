package dev.lanyard.testing;

import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The system's time, with a record of the alarms that are set. */
final class RecordedTime implements TimeSource {
  private final TimeSource system = TimeSource.system();
  private final Set<Alarm> armed = ConcurrentHashMap.newKeySet();

  /** What the alarms that are set would run. */
  List<Runnable> armedActions() {
    return armed.stream().map(alarm -> alarm.action).toList();
  }

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
    var alarm = new Alarm(action);
    armed.add(alarm); // first, for it may ring before schedule returns
    Registration registration = system.schedule(nanoTime, alarm);
    return () -> {
      armed.remove(alarm);
      return registration.stop();
    };
  }

  private final class Alarm implements Runnable {
    private final Runnable action;

    Alarm(Runnable action) {
      this.action = action;
    }

    @Override
    public void run() {
      armed.remove(this);
      action.run();
    }
  }
}
