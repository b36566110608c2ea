package dev.lanyard.proofs.tasks;

import java.time.Duration;

/**
 * What the tests change about a processor.
 *
 * @param workers how many tasks at once
 * @param grace how long a handler may take to leave, before it counts as stuck
 * @param requestId of every task that is submitted
 * @param longest how long a task may take in all, extensions included
 */
record Setup(int workers, Duration grace, String requestId, Duration longest) {
  static final Setup USUAL =
      new Setup(3, Duration.ofSeconds(20), "req-of-the-suite", Duration.ofDays(1));

  Setup withWorkers(int workers) {
    return new Setup(workers, grace, requestId, longest);
  }

  Setup withGrace(Duration grace) {
    return new Setup(workers, grace, requestId, longest);
  }

  Setup withLongest(Duration longest) {
    return new Setup(workers, grace, requestId, longest);
  }
}
