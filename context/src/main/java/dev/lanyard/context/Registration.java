package dev.lanyard.context;

/**
 * What {@link Context#afterFunc} and {@link Context#onDone} give back: the right to take the action
 * away again. Any thread may use it, any number of times.
 *
 * <p>Forgetting to stop is harmless once the context has ended; before that, the action keeps its
 * context linked to the parents.
 *
 * @since 0.1
 */
public interface Registration extends AutoCloseable {
  /**
   * Takes the action away. Of "this returned true" and "the action runs" exactly one happens. Never
   * waits for an action that has begun.
   *
   * @return true if this call is what keeps the action from ever running; false if it has begun,
   *     will begin, or was stopped before
   */
  boolean stop();

  /** The same as {@link #stop()}, for try-with-resources. */
  @Override
  default void close() {
    stop();
  }
}
