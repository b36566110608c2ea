package dev.lanyard.proofs.tasks;

import java.util.random.RandomGenerator;

/** Jitter that always chooses the longest wait. */
final class LongestWait implements RandomGenerator {
  @Override
  public long nextLong() {
    return 0;
  }

  @Override
  public long nextLong(long bound) {
    return bound - 1;
  }

  @Override
  public long nextLong(long origin, long bound) {
    return bound - 1;
  }
}
