package dev.lanyard.app.run;

import dev.lanyard.app.input.Reason;
import dev.lanyard.app.terminal.Output;
import dev.lanyard.context.SignalException;
import dev.lanyard.context.TimeSource;
import dev.lanyard.tasks.Exec;
import dev.lanyard.tasks.Http;
import dev.lanyard.tasks.Outcome;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Stats;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskEvent;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One JSON object on each line, for programs. The fields are those of {@code docs/run.md}. */
final class JsonReport implements Report {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final String requestId;
  private final Output output;

  JsonReport(String requestId, Output output) {
    this.requestId = requestId;
    this.output = output;
  }

  @Override
  public void on(TaskEvent event) {
    line(
        name(event),
        event.moment(),
        json -> {
          task(json, event.task());
          details(json, event);
        });
  }

  private static String name(TaskEvent event) {
    return switch (event) {
      case TaskEvent.Queued _ -> "queued";
      case TaskEvent.Started _ -> "started";
      case TaskEvent.Progressed _ -> "progressed";
      case TaskEvent.Extended _ -> "extended";
      case TaskEvent.Retrying _ -> "retrying";
      case TaskEvent.Finished _ -> "finished";
      case TaskEvent.Stuck _ -> "stuck";
    };
  }

  private static void task(JsonGenerator json, Task task) {
    json.writeStringProperty("id", task.id());
    json.writeStringProperty("name", task.name());
    json.writeStringProperty("kind", task.kind());
    json.writeNumberProperty("priority", task.priority());
    if (task.parent() != null) json.writeStringProperty("parent", task.parent());
  }

  private static void details(JsonGenerator json, TaskEvent event) {
    switch (event) {
      case TaskEvent.Queued queued -> milliseconds(json, "timeout_ms", queued.task().timeout());
      case TaskEvent.Started started -> json.writeNumberProperty("attempt", started.attempt());
      case TaskEvent.Progressed progressed ->
          json.writeNumberProperty("percent", progressed.percent());
      case TaskEvent.Extended extended ->
          milliseconds(json, "remaining_ms", extended.deadline().remaining());
      case TaskEvent.Retrying retrying -> {
        json.writeNumberProperty("attempt", retrying.attempt());
        milliseconds(json, "delay_ms", retrying.delay());
        json.writeStringProperty("reason", Reason.of(retrying.failure()));
      }
      case TaskEvent.Stuck stuck -> {
        json.writeArrayPropertyStart("stack");
        stuck.stack().forEach(frame -> json.writeString(frame.toString()));
        json.writeEndArray();
      }
      case TaskEvent.Finished finished -> {
        json.writeStringProperty("state", finished.outcome().state().toString());
        json.writeNumberProperty("attempts", finished.attempts());
        milliseconds(json, "duration_ms", finished.duration());
        String reason = Reason.of(finished.outcome());
        if (reason != null) json.writeStringProperty("reason", reason);
        if (finished.outcome() instanceof Outcome.Completed completed) {
          result(json, completed.result());
        }
      }
    }
  }

  private static void result(JsonGenerator json, @Nullable Object result) {
    switch (result) {
      case Exec.Output output -> {
        json.writeNumberProperty("exit_code", output.exitCode());
        json.writeStringProperty("output", output.text());
        json.writeNumberProperty("output_cut_bytes", output.cut());
      }
      case Http.Reply reply -> {
        json.writeNumberProperty("status", reply.status());
        json.writeStringProperty("body", reply.body());
        json.writeBooleanProperty("body_cut", reply.cut());
      }
      case null, default -> {}
    }
  }

  @Override
  public void stopping(SignalException signal) {
    line(
        "stopping",
        TimeSource.system().instant(),
        json -> json.writeStringProperty("signal", signal.signal()));
  }

  @Override
  public void finished(Stats stats) {
    line(
        "summary",
        TimeSource.system().instant(),
        json -> {
          json.writeNumberProperty("tasks", stats.finished());
          for (State state : State.values()) {
            if (state.isTerminal()) json.writeNumberProperty(state.toString(), stats.count(state));
          }
          milliseconds(json, "min_ms", stats.shortest());
          milliseconds(json, "median_ms", stats.median());
          milliseconds(json, "max_ms", stats.longest());
          json.writeNumberProperty("timeout_rate", stats.timeoutRate());
          json.writeNumberProperty("cancellation_rate", stats.cancellationRate());
          json.writeNumberProperty("retries", stats.retries());
          json.writeNumberProperty("stuck", stats.stuck());
        });
  }

  private void line(String event, Instant moment, Consumer<JsonGenerator> fields) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      json.writeStringProperty("event", event);
      json.writeStringProperty("time", moment.toString());
      json.writeStringProperty("request_id", requestId);
      fields.accept(json);
      json.writeEndObject();
    }
    output.line(line.toString());
  }

  private static void milliseconds(JsonGenerator json, String field, Duration duration) {
    json.writeNumberProperty(field, Math.rint(duration.toNanos() / 1e3) / 1e3);
  }
}
