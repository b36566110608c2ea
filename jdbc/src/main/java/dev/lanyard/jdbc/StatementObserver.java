package dev.lanyard.jdbc;

import dev.lanyard.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * Is told when a statement begins and how it ends: where a tracer or a meter is attached. Users
 * implement it; it is set by {@link JdbcSettings#withObserver}.
 *
 * <p>Both methods are called on the thread that executes the statement, around the call into the
 * driver. What they throw is thrown to whoever executes, so they should not.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface StatementObserver {
  /**
   * A statement is about to be executed.
   *
   * @param context that it obeys: the one its connection was got with, else the current one
   * @param sql as it was given by the program, without the values of parameters; the statements of
   *     a batch are separated by {@code "; "}
   * @return who is told of the end
   */
  Observation begin(Context context, String sql);

  /** One statement under way. */
  @FunctionalInterface
  interface Observation {
    /**
     * The statement has ended.
     *
     * @param failure what is thrown to the program, or null if it succeeded
     */
    void end(@Nullable Throwable failure);
  }
}
