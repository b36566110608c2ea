package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/**
 * A context together with the right to end it. Whoever derives one closes it when the work is over,
 * best with try-with-resources; any thread may, any number of times, and only the first end counts.
 * Hand it on as {@link Context} to keep the right.
 *
 * {@snippet :
 * try (CancellableContext ctx = parent.withCancel()) {
 *   serve(ctx);
 * } // ends what serve() left behind
 * }
 *
 * @since 0.1
 */
public sealed interface CancellableContext extends Context, AutoCloseable permits Scope {
  /**
   * Ends this context and everything below it, without a cause. Returns when all of them are done,
   * also when another thread's call is under way, and when the {@link Context#onDone} actions have
   * run of every context that this call ended itself. Does not wait for the work to notice.
   */
  void cancel();

  /**
   * As {@link #cancel()}, with the reason for {@link Context#cause()}.
   *
   * @param cause null for none
   */
  void cancel(@Nullable Throwable cause);

  /** The same as {@link #cancel()}: there is nothing else to release. */
  @Override
  default void close() {
    cancel();
  }

  /**
   * Moves this context's own deadline later, for work that turns out to take longer. What was
   * derived with a stricter deadline keeps it.
   *
   * @param deadline the new one
   * @return true if it now stands; false, with nothing changed, if this context is done, was made
   *     without a deadline, has a later one already, or a context above ends before the new one
   */
  boolean extendTo(Deadline deadline);
}
