package dev.lanyard.durable;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list of tasks.
 *
 * @param tasks this part
 * @param next the cursor for the next part; null if this is the last one
 * @since 0.1
 */
public record TaskPage(List<StoredTask> tasks, @Nullable String next) {
  /** Copies the list. */
  public TaskPage {
    tasks = List.copyOf(tasks);
  }
}
