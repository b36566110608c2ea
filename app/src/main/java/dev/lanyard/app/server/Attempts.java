package dev.lanyard.app.server;

import dev.lanyard.durable.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The attempts of a task, read from its story: each lasts from a start to what came of it. */
final class Attempts {
  private Attempts() {}

  /**
   * One attempt.
   *
   * @param outcome null while it runs
   */
  record Attempt(
      int number,
      @Nullable String node,
      Instant startedAt,
      @Nullable Instant finishedAt,
      StoredEvent.@Nullable Type outcome,
      @Nullable String error) {
    void write(JsonGenerator json) {
      json.writeNumberProperty("attempt", number);
      Json.text(json, "node", node);
      Json.moment(json, "startedAt", startedAt);
      Json.moment(json, "finishedAt", finishedAt);
      Json.text(json, "outcome", outcome == null ? null : outcome.toString());
      Json.text(json, "error", error);
    }

    private Attempt ended(StoredEvent end) {
      boolean clean = end.type() == StoredEvent.Type.COMPLETED;
      return new Attempt(number, node, startedAt, end.at(), end.type(), clean ? null : end.text());
    }
  }

  static List<Attempt> in(List<StoredEvent> story) {
    List<Attempt> attempts = new ArrayList<>();
    boolean running = false;
    for (StoredEvent event : story) {
      switch (event.type()) {
        case STARTED -> {
          attempts.add(new Attempt(event.attempt(), event.node(), event.at(), null, null, null));
          running = true;
        }
        case RETRYING, LOST, COMPLETED, FAILED, CANCELLED, TIMED_OUT -> {
          // One that ends while it waits for another attempt ends none.
          if (running) attempts.add(attempts.removeLast().ended(event));
          running = false;
        }
        case SUBMITTED, DUE, PROGRESS, EXTENDED, CANCEL_REQUESTED, STUCK, RERUN -> {}
      }
    }
    return attempts;
  }
}
