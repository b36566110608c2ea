package dev.lanyard.jdbc;

import dev.lanyard.context.Context;
import dev.lanyard.context.Registration;
import java.sql.Statement;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fetching of one result set. It stays registered with the contexts from its first row to its
 * last: most steps only move on to a row that is there already, and registering each would cost
 * more than the step.
 */
final class Fetch {
  private final @Nullable Statement statement;
  private final Supplier<DriverCall> calls;

  // Guarded by this: a result set is for one thread, but its statement may be closed by another.
  private DriverCall call;
  private @Nullable Context watched;
  private @Nullable Registration ofCurrent;
  private @Nullable Registration ofGiven;

  Fetch(@Nullable Statement statement, Supplier<DriverCall> calls) {
    this.statement = statement;
    this.calls = calls;
    this.call = calls.get();
  }

  /** The driver's statement; null where rows do not come from one. */
  @Nullable Statement statement() {
    return statement;
  }

  /**
   * A step begins.
   *
   * @return the call to leave afterwards; null if another thread is in the middle of a step
   */
  synchronized @Nullable DriverCall enter(Context current, @Nullable Context given) {
    if (watched != current) {
      stop();
      // The end of the context before may still be on its way to the call that it was told of.
      call = calls.get();
    }
    if (!call.enter(statement)) return null;
    if (watched != current) {
      watched = current;
      ofCurrent = current.onDone(call::end);
      if (given != null) ofGiven = given.onDone(call::end);
    }
    return call;
  }

  synchronized void stop() {
    if (ofCurrent != null) ofCurrent.stop();
    if (ofGiven != null) ofGiven.stop();
    ofCurrent = null;
    ofGiven = null;
    watched = null;
  }
}
