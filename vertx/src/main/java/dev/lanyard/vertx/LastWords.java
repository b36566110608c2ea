package dev.lanyard.vertx;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The answer that a request gets whose handler has none.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>The response is answered by the handler. Only if that has not begun one when the limit
 *       {@code answer} has passed since the context ended, the server answers in its place, on the
 *       event loop. Whoever comes second finds the head written.
 *   <li>The failure handlers of the router run once at most: two threads in one {@code
 *       RoutingContext} would be one too many. Whoever may call them has as long again; then there
 *       is no answer.
 * </ol>
 */
final class LastWords {
  private final RequestScope scope;
  private final AtomicBoolean failed = new AtomicBoolean();

  /** On the event loop only: a timer is set. */
  private boolean isDue;

  /** On the event loop only. */
  private boolean isLastCall;

  LastWords(RequestScope scope) {
    this.scope = scope;
  }

  /** Invariant 2: true once. */
  boolean mayFail() {
    return failed.compareAndSet(false, true);
  }

  /** On any thread. */
  void soon() {
    io.vertx.core.Context eventLoop = scope.eventLoop();
    eventLoop.runOnContext(_ -> {
      if (isDue) return; // the end of the context and the return of the handler both ask
      isDue = true;
      eventLoop.owner().setTimer(Limits.millis(scope.limits().answer()), _ -> say());
    });
  }

  /** Invariant 1. */
  private void say() {
    isDue = false;
    boolean begun = scope.routing.response().headWritten(); // asked first, as in Failures
    if (scope.isAnswered()) return;
    if (begun || isLastCall) {
      scope.cutOff();
      return;
    }
    if (!mayFail()) { // a failure handler is at it
      isLastCall = true;
      soon();
      return;
    }
    try {
      Failures.fail(scope.answering(), scope.context(), null);
    } catch (IllegalStateException answeredMeanwhile) {
      // by the handler, after all
    }
  }
}
