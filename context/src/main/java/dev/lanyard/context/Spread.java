package dev.lanyard.context;

/** Spreads threads over places, so that two seldom meet in one. */
final class Spread {
  /** 2^64 divided by the golden ratio: neighbours among the numbers of threads land far apart. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Spread() {}

  /** How many places suit the processors of this machine. */
  static int places(int most) {
    return Math.min(4 * Integer.highestOneBit(Runtime.getRuntime().availableProcessors()), most);
  }

  /** The place of the running thread, of so many. */
  static int ofThisThread(int places) {
    long number = Thread.currentThread().threadId() * GOLDEN;
    return (int) (((number >>> 32) * places) >>> 32);
  }
}
