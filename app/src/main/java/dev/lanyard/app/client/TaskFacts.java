package dev.lanyard.app.client;

import dev.lanyard.app.input.Visible;
import dev.lanyard.app.terminal.Style;
import dev.lanyard.tasks.State;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A task as the server tells of it, with what people want to know of it. */
record TaskFacts(Fields fields) {
  private static final Set<String> OVER = Set.copyOf(States.which(State::isTerminal));

  static boolean isOver(String state) {
    return OVER.contains(state);
  }

  /** The same with one field changed. */
  TaskFacts with(String field, @Nullable Object value) {
    Map<Object, @Nullable Object> changed = new LinkedHashMap<>(fields.map());
    changed.put(field, value);
    return new TaskFacts(new Fields(changed));
  }

  String id() {
    return fields.text("id", "");
  }

  /** Safe to show. */
  String name() {
    return Visible.of(fields.text("name", "?"));
  }

  String kind() {
    return Visible.of(fields.text("kind", "?"));
  }

  String state() {
    return fields.text("state", "?");
  }

  boolean isOver() {
    return isOver(state());
  }

  boolean isCompleted() {
    return state().equals("completed");
  }

  boolean isRunning() {
    return state().equals("running");
  }

  /** Null if it has told of none. */
  @Nullable Integer progress() {
    Number percent = fields.number("progress");
    return percent == null ? null : Math.clamp(percent.longValue(), 0, 100);
  }

  String attempts() {
    long attempt = fields.number("attempt", 0);
    Number most = fields.number("maxAttempts");
    return most == null ? String.valueOf(attempt) : attempt + "/" + most;
  }

  @Nullable Instant moment(String name) {
    return fields.moment(name);
  }

  /** What is to be said of its time, in its state. */
  String when(Instant now) {
    Instant due = moment("runAt");
    Instant started = moment("startedAt");
    Instant finished = moment("finishedAt");
    return switch (state()) {
      case "scheduled" -> due == null ? "" : "due " + Moments.show(due, now);
      case "retrying" -> due == null ? "" : "again " + Moments.show(due, now);
      case "pending" -> {
        Instant since = due != null ? due : moment("createdAt");
        yield since == null ? "" : "waits " + Moments.rough(Duration.between(since, now));
      }
      case "running" -> {
        Integer percent = progress();
        String done = percent == null || percent == 0 ? "" : percent + "%, ";
        String stopping = moment("cancelRequestedAt") == null ? "" : ", stopping";
        yield started == null
            ? done
            : done + "for " + Moments.rough(Duration.between(started, now)) + stopping;
      }
      default -> {
        if (finished == null) yield "";
        String took =
            started == null ? "" : ", took " + Moments.rough(Duration.between(started, finished));
        yield Moments.show(finished, now) + took;
      }
    };
  }

  static String paint(String state, Style style) {
    return switch (state) {
      case "completed" -> style.good(state);
      case "failed", "timed_out" -> style.bad(state);
      case "cancelled", "scheduled" -> style.faint(state);
      default -> state;
    };
  }
}
