package dev.lanyard.app.server;

import dev.lanyard.durable.StoredEvent;
import dev.lanyard.durable.StoredTask;
import tools.jackson.core.JsonGenerator;

/** Tasks and events as the interface shows them. */
final class TaskJson {
  private TaskJson() {}

  /** With payload and result if they are wanted. */
  static void task(JsonGenerator json, StoredTask task, boolean full) {
    json.writeStringProperty("id", task.id());
    json.writeStringProperty("name", task.name());
    json.writeStringProperty("kind", task.kind());
    if (full) Json.raw(json, "payload", task.payload());
    json.writeStringProperty("state", task.state().toString());
    json.writeNumberProperty("priority", task.priority());
    json.writeBooleanProperty("critical", task.critical());
    Json.text(json, "parent", task.parent());
    json.writeStringProperty("root", task.root());
    json.writeNumberProperty("children", task.children());
    json.writeNumberProperty("attempt", task.attempt());
    json.writeNumberProperty("maxAttempts", task.retry().attempts());
    Json.milliseconds(json, "timeoutMs", task.timeout());
    json.writeNumberProperty("progress", task.progress());
    Json.text(json, "progressNote", task.note());
    moments(json, task);
    Json.text(json, "cancelCause", task.cancelCause());
    Json.text(json, "cancelBy", task.cancelBy());
    Json.text(json, "node", task.node());
    Json.text(json, "requestId", task.trace().requestId());
    Json.text(json, "traceId", task.trace().traceId());
    Json.text(json, "traceparent", task.trace().traceparent());
    Json.text(json, "uniqueKey", task.uniqueKey());
    Json.text(json, "error", task.error());
    if (full) Json.raw(json, "result", task.result());
  }

  private static void moments(JsonGenerator json, StoredTask task) {
    Json.moment(json, "createdAt", task.createdAt());
    Json.moment(json, "runAt", task.runAt());
    Json.moment(json, "startedAt", task.startedAt());
    Json.moment(json, "finishedAt", task.finishedAt());
    Json.moment(json, "deadline", task.deadline());
    Json.moment(json, "cancelRequestedAt", task.cancelRequestedAt());
  }

  /** Progress has no id: it is not kept. */
  static void event(JsonGenerator json, StoredEvent event) {
    if (event.id() > 0) json.writeNumberProperty("id", event.id());
    Json.moment(json, "at", event.at());
    json.writeStringProperty("task", event.task());
    json.writeStringProperty("type", event.type().toString());
    json.writeStringProperty("state", event.state().toString());
    json.writeNumberProperty("attempt", event.attempt());
    Json.text(json, "node", event.node());
    Json.text(json, "text", event.text());
    json.writeStringProperty("name", event.name());
    json.writeStringProperty("kind", event.kind());
    Json.text(json, "parent", event.parent());
    json.writeStringProperty("root", event.root());
    json.writeNumberProperty("priority", event.priority());
    json.writeNumberProperty("progress", event.progress());
    Json.moment(json, "deadline", event.deadline());
    Json.moment(json, "runAt", event.runAt());
    Json.text(json, "requestId", event.requestId());
  }
}
