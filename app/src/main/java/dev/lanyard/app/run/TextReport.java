package dev.lanyard.app.run;

import dev.lanyard.app.input.Durations;
import dev.lanyard.app.input.Reason;
import dev.lanyard.app.input.Visible;
import dev.lanyard.app.terminal.Bars;
import dev.lanyard.app.terminal.Output;
import dev.lanyard.app.terminal.Style;
import dev.lanyard.context.SignalException;
import dev.lanyard.tasks.Outcome;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Stats;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lines for people, and bars where there is a terminal. */
final class TextReport implements Report {
  private final Output output;
  private final @Nullable Bars bars;
  private final Style style;
  private final String prefix;

  TextReport(String requestId, Output output, @Nullable Bars bars, Style style) {
    this.output = output;
    this.bars = bars;
    this.style = style;
    this.prefix = style.faint("[" + Visible.of(requestId) + "]") + " ";
  }

  @Override
  public void on(TaskEvent event) {
    if (bars != null) bars.on(event);
    String line = line(event);
    if (line != null) output.line(prefix + line);
  }

  private @Nullable String line(TaskEvent event) {
    String name = Visible.of(event.task().name());
    return switch (event) {
      case TaskEvent.Queued _, TaskEvent.Progressed _ -> null;
      case TaskEvent.Started started -> starting(name, started);
      case TaskEvent.Extended extended ->
          "⏰ Extended: "
              + name
              + " - "
              + Durations.show(extended.deadline().remaining())
              + " from now";
      case TaskEvent.Retrying retrying ->
          "🔁 Retrying: "
              + name
              + " in "
              + Durations.show(retrying.delay())
              + reason(Reason.of(retrying.failure()));
      case TaskEvent.Finished finished -> ending(name, finished.outcome());
      case TaskEvent.Stuck _ ->
          style.bad("❌ Stuck: " + name) + reason("it goes on although its context has ended");
    };
  }

  private static String starting(String name, TaskEvent.Started started) {
    Task task = started.task();
    String attempt = started.attempt() == 1 ? "" : ", Attempt: " + started.attempt();
    return "Starting task: " + name + " (Priority: " + task.priority() + attempt + ")";
  }

  private String ending(String name, Outcome outcome) {
    String reason = reason(Reason.of(outcome));
    return switch (outcome) {
      case Outcome.Completed _ -> style.good("✅ Completed: " + name);
      case Outcome.Failed _ -> style.bad("❌ Failed: " + name) + reason;
      case Outcome.Cancelled _, Outcome.TimedOut _ -> style.bad("❌ Canceled: " + name) + reason;
    };
  }

  private static String reason(@Nullable String reason) {
    return reason == null ? "" : " - Reason: " + Visible.of(reason);
  }

  @Override
  public void stopping(SignalException signal) {
    output.line("");
    output.line("🚨 Shutdown signal received, canceling all tasks...");
  }

  @Override
  public void finished(Stats stats) {
    long failed = stats.count(State.FAILED);
    output.line("");
    output.line(
        failed == 0
            ? "✅ All tasks completed or canceled"
            : "❌ All tasks ended, " + failed + " of " + stats.finished() + " failed");
    output.line("");
    output.line(counts(stats));
    output.line(
        "Duration: min "
            + Durations.show(stats.shortest())
            + ", median "
            + Durations.show(stats.median())
            + ", max "
            + Durations.show(stats.longest()));
    output.line(
        String.format(
            Locale.ROOT,
            "Timeout rate: %.1f%%, cancellation rate: %.1f%%, retries: %d",
            stats.timeoutRate() * 100,
            stats.cancellationRate() * 100,
            stats.retries()));
  }

  private static String counts(Stats stats) {
    List<String> parts = new ArrayList<>();
    parts.add(stats.count(State.COMPLETED) + " completed");
    if (stats.count(State.FAILED) > 0) parts.add(stats.count(State.FAILED) + " failed");
    if (stats.count(State.TIMED_OUT) > 0) parts.add(stats.count(State.TIMED_OUT) + " timed out");
    if (stats.count(State.CANCELLED) > 0) parts.add(stats.count(State.CANCELLED) + " canceled");
    if (stats.stuck() > 0) parts.add(stats.stuck() + " stuck");
    return "Tasks: " + stats.finished() + " (" + String.join(", ", parts) + ")";
  }
}
