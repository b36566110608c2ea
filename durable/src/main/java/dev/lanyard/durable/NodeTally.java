package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a node does. */
final class NodeTally {
  private final LongAdder started = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder released = new LongAdder();
  private final LongAdder leasesLost = new LongAdder();
  private final LongAdder stuck = new LongAdder();
  private final Map<State, LongAdder> finished = new EnumMap<>(State.class);

  NodeTally() {
    for (State state : State.values()) if (state.isTerminal()) finished.put(state, new LongAdder());
  }

  void started() {
    started.increment();
  }

  void retry() {
    retries.increment();
  }

  void released() {
    released.increment();
  }

  void leaseLost() {
    leasesLost.increment();
  }

  void stuck() {
    stuck.increment();
  }

  void finished(State state) {
    LongAdder count = finished.get(state);
    if (count != null) count.increment();
  }

  NodeStats stats(int slots, int running) {
    var ends = new EnumMap<State, Long>(State.class);
    finished.forEach((state, count) -> ends.put(state, count.sum()));
    return new NodeStats(
        slots,
        running,
        started.sum(),
        ends,
        retries.sum(),
        released.sum(),
        leasesLost.sum(),
        stuck.sum());
  }
}
