package dev.lanyard.app.server;

import dev.lanyard.durable.StoredEvent;
import dev.lanyard.tasks.State;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long tasks wait for a worker, from events alone. Of more tasks than it remembers it forgets
 * the oldest: their waits are then not measured. For the one thread that is told of events.
 */
final class WaitTimes {
  private static final int MOST = 20_000;

  private final Map<String, Instant> due = new LinkedHashMap<>();

  /** How long the task has waited that starts now; null if none does, or it is not known. */
  @Nullable Duration happened(StoredEvent event) {
    Duration waited = null;
    switch (event.type()) {
      case SUBMITTED -> {
        if (event.state() == State.PENDING) due.put(event.task(), event.at());
      }
      case DUE, LOST, RERUN -> due.put(event.task(), event.at());
      case STARTED -> waited = since(due.remove(event.task()), event.at());
      case CANCELLED, TIMED_OUT -> due.remove(event.task());
      default -> {}
    }
    if (due.size() > MOST) due.remove(due.keySet().iterator().next());
    return waited;
  }

  private static @Nullable Duration since(@Nullable Instant due, Instant started) {
    if (due == null) return null;
    return started.isBefore(due) ? Duration.ZERO : Duration.between(due, started);
  }
}
