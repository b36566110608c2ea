package dev.lanyard.tasks;

/**
 * The processor does not accept a task. The message says why, for the author of the task; nothing
 * was submitted.
 *
 * @since 0.1
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RefusedException(Task task, String why) {
    super("task \"" + task.name() + "\" is refused: " + why);
  }
}
