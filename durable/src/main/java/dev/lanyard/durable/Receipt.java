package dev.lanyard.durable;

import java.util.List;

/**
 * What came of tasks that were to be submitted once, see {@link TaskStore#submitOnce}.
 *
 * @param fingerprint of what was submitted first with the key. If it is another one than the
 *     caller's, the key was used for something else, and nothing was submitted now
 * @param tasks of the first submission, as they stand now; those that are no longer kept are left
 *     out
 * @param again whether they were accepted before
 * @since 0.1
 */
public record Receipt(String fingerprint, List<StoredTask> tasks, boolean again) {
  /** Copies the list. */
  public Receipt {
    tasks = List.copyOf(tasks);
  }
}
