package dev.lanyard.app.client;

import dev.lanyard.app.input.DurationConverter;
import dev.lanyard.app.input.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A single task that is described on the command line instead of in a file. */
final class TaskDraft {
  private static final int LONGEST_NAME = 60;

  @Option(names = "--name", paramLabel = "NAME", description = "Its name (default: what it does).")
  private @Nullable String name;

  @Option(
      names = "--sleep",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "It waits.")
  private @Nullable Duration sleep;

  @Option(names = "--http", paramLabel = "URL", description = "It gets this.")
  private @Nullable String http;

  @Option(names = "--priority", paramLabel = "N", description = "1 is the most urgent.")
  private @Nullable Integer priority;

  @Option(
      names = "--task-timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long an attempt of it may take.")
  private @Nullable Duration timeout;

  @Option(names = "--retries", paramLabel = "N", description = "Further attempts if it fails.")
  private @Nullable Integer retries;

  @Option(names = "--parent", paramLabel = "ID", description = "The task that it is a part of.")
  private @Nullable String parent;

  @Option(names = "--critical", description = "Its deadline may be extended.")
  private boolean critical;

  /** Whether any of this was said. */
  boolean isGiven() {
    return name != null
        || sleep != null
        || http != null
        || priority != null
        || timeout != null
        || retries != null
        || parent != null
        || critical;
  }

  /** As a file would have it. */
  Map<String, @Nullable Object> task(List<String> command, ClientCommand usage) {
    int works = (sleep == null ? 0 : 1) + (http == null ? 0 : 1) + (command.isEmpty() ? 0 : 1);
    if (works != 1) {
      throw usage.wrongUsage(
          "expected exactly one of --sleep TIME, --http URL and -- COMMAND ARG..., found "
              + (works == 0 ? "none" : "more"));
    }
    Map<String, @Nullable Object> task = new LinkedHashMap<>();
    task.put("name", name != null ? name : what(command));
    if (sleep != null) task.put("sleep", Durations.exact(sleep));
    if (http != null) task.put("http", http);
    if (!command.isEmpty()) task.put("exec", command);
    if (priority != null) task.put("priority", priority);
    if (timeout != null) task.put("timeout", Durations.exact(timeout));
    if (retries != null) task.put("retries", retries);
    if (parent != null) task.put("parent", parent);
    if (critical) task.put("critical", true);
    return task;
  }

  private String what(List<String> command) {
    String what =
        sleep != null
            ? "sleep " + Durations.exact(sleep)
            : http != null ? http : String.join(" ", command);
    String line = what.replaceAll("\\s+", " ");
    int points = line.codePointCount(0, line.length());
    return points <= LONGEST_NAME
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…";
  }
}
