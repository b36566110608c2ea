package dev.lanyard.vertx;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.http.RequestEnd;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The context of a request, which is opened by the first who wants it. Until then what has ended
 * the request is kept: it is the cause of the context when that is opened, so no end is lost
 * between the two.
 */
final class Opening {
  private final RequestContexts server;

  /** Parent of the context: has the values, and knows nothing of this request's end. */
  private final Context values;

  private final @Nullable Duration callersLimit;

  @GuardedBy("this")
  private @Nullable CancellableContext ctx;

  @GuardedBy("this")
  private @Nullable Throwable endedEarly;

  Opening(RequestContexts server, Context values, @Nullable Duration callersLimit) {
    this.server = server;
    this.values = values;
    this.callersLimit = callersLimit;
  }

  /** Or gives the one that is open, whatever its limit. */
  synchronized CancellableContext open(@Nullable Duration limit, Runnable whenItEnds) {
    CancellableContext open = ctx;
    if (open != null) return open;
    open = limited(limit);
    ctx = open;
    if (endedEarly != null) open.cancel(endedEarly);
    open.onDone(whenItEnds);
    return open;
  }

  private CancellableContext limited(@Nullable Duration limit) {
    if (callersLimit != null && (limit == null || callersLimit.compareTo(limit) < 0)) {
      return values.withTimeout(callersLimit, new RequestEnd.TimedOut(callersLimit, true));
    }
    if (limit == null) return values.withCancel();
    return values.withTimeout(limit, server.timedOut(limit));
  }

  /**
   * For a handler that answers in place of one that failed: the context may have ended with that.
   * It is separate, and as short as all last words.
   */
  CancellableContext openForLastWords() {
    return values.withTimeout(server.limits().answer());
  }

  synchronized boolean isOpen() {
    return ctx != null;
  }

  /** The values alone as long as it is not open. */
  synchronized Context context() {
    return ctx == null ? values : ctx;
  }

  /** Ends the context, now or as soon as it is opened. */
  void end(Throwable cause) {
    CancellableContext open;
    synchronized (this) {
      open = ctx;
      if (open == null) {
        if (endedEarly == null) endedEarly = cause;
        return;
      }
    }
    open.cancel(cause);
  }
}
