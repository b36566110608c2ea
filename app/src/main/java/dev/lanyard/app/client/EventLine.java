package dev.lanyard.app.client;

import dev.lanyard.app.input.Visible;
import dev.lanyard.app.terminal.Style;
import org.jspecify.annotations.Nullable;

/** What is said of an event, in the words of {@code lanyard run}. */
final class EventLine {
  private EventLine() {}

  /** Null for what is not worth a line. */
  static @Nullable String of(Fields event, Style style) {
    String name = Visible.of(event.text("name", "?"));
    String reason = reason(event.text("text"));
    return switch (event.text("type", "")) {
      case "started" -> started(name, event);
      case "extended" -> "⏰ Extended: " + name + detail(event.text("text"));
      case "retrying" -> "🔁 Retrying: " + name + reason;
      case "rerun" -> "🔁 Queued again: " + name;
      case "cancel_requested" -> "🛑 Cancel requested: " + name + reason;
      case "lost" -> style.bad("❌ Lost: " + name) + reason;
      case "stuck" -> style.bad("❌ Stuck: " + name) + reason;
      case "completed" -> style.good("✅ Completed: " + name);
      case "failed" -> style.bad("❌ Failed: " + name) + reason;
      case "timed_out", "cancelled" -> style.bad("❌ Canceled: " + name) + reason;
      default -> null;
    };
  }

  /** The same for a task that had ended before anybody looked. */
  static String ofEnded(TaskFacts task, Style style) {
    Fields fields = task.fields();
    String text = fields.text("error");
    if (text == null) text = fields.text("cancelCause");
    return switch (task.state()) {
      case "completed" -> style.good("✅ Completed: " + task.name());
      case "failed" -> style.bad("❌ Failed: " + task.name()) + reason(text);
      case "timed_out" ->
          style.bad("❌ Canceled: " + task.name())
              + reason(text == null ? "context deadline exceeded" : text);
      default -> style.bad("❌ Canceled: " + task.name()) + reason(text);
    };
  }

  private static String started(String name, Fields event) {
    long attempt = event.number("attempt", 1);
    return "Starting task: "
        + name
        + " (Priority: "
        + event.number("priority", 0)
        + (attempt > 1 ? ", Attempt: " + attempt : "")
        + ")";
  }

  private static String reason(@Nullable String text) {
    return text == null || text.isBlank() ? "" : " - Reason: " + Visible.of(text);
  }

  private static String detail(@Nullable String text) {
    return text == null || text.isBlank() ? "" : " " + Visible.of(text);
  }
}
