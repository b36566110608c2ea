package dev.lanyard.telemetry;

import dev.lanyard.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * An operation that is given the context that it works within.
 *
 * @param <T> the type of its result
 * @param <X> what it throws
 * @since 0.1
 */
@FunctionalInterface
public interface ContextOperation<T extends @Nullable Object, X extends Throwable> {
  /**
   * Does it.
   *
   * @param ctx also the current one of the thread
   * @return its result
   * @throws X if it fails
   */
  T call(Context ctx) throws X;
}
