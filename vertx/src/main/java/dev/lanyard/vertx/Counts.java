package dev.lanyard.vertx;

import dev.lanyard.http.RequestEnd;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests by their end. */
final class Counts {
  private final LongAdder finished = new LongAdder();
  private final LongAdder clientGone = new LongAdder();
  private final LongAdder timedOut = new LongAdder();
  private final LongAdder shuttingDown = new LongAdder();
  private final LongAdder other = new LongAdder();
  private final LongAdder refused = new LongAdder();

  void refused() {
    refused.increment();
  }

  void completed(CompletedRequest request) {
    LongAdder which =
        switch (request.cause()) {
          case RequestEnd.Finished _ -> finished;
          case RequestEnd.ClientGone _ -> clientGone;
          case RequestEnd.TimedOut _ -> timedOut;
          case RequestEnd.ShuttingDown _ -> shuttingDown;
          default -> other;
        };
    which.increment();
  }

  RequestCounts snapshot() {
    return new RequestCounts(
        finished.sum(),
        clientGone.sum(),
        timedOut.sum(),
        shuttingDown.sum(),
        other.sum(),
        refused.sum());
  }
}
