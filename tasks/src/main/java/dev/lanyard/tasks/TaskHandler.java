package dev.lanyard.tasks;

import org.jspecify.annotations.Nullable;

/**
 * Does the work of one kind of task. One handler serves any number of attempts at once.
 *
 * @param <P> the type of the payload
 * @since 0.1
 */
@FunctionalInterface
public interface TaskHandler<P> {
  /**
   * Makes one attempt. Runs on a virtual thread of its own, with the attempt's context as {@link
   * dev.lanyard.context.Context#current()}, and is interrupted when that context ends. It should
   * then leave soon: until it does, it keeps its worker.
   *
   * <p>Work may be done more than once: handlers should be idempotent.
   *
   * @param attempt the context, and the way to report progress
   * @param payload what the task brought
   * @return the result of the task; may be null
   * @throws Exception if the attempt fails. Once the context has ended, what is returned or thrown
   *     no longer counts: the task is cancelled or timed out
   */
  @Nullable Object handle(Attempt attempt, P payload) throws Exception;
}
