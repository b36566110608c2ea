package dev.lanyard.durable;

/**
 * In which order tasks are listed.
 *
 * @since 0.1
 */
public enum TaskOrder {
  /** Those accepted last come first. */
  NEWEST,
  /** Those that will be started first come first: by priority, then by when they are due. */
  URGENT,
  /** By when they are due. */
  DUE,
  /** Those that ended last come first; those that have not ended come last. */
  FINISHED
}
