package dev.lanyard.benchmarks;

/** How full the heap is. */
final class Heap {
  private Heap() {}

  /** Bytes that are in use after a collection. */
  static long used() {
    for (int i = 0; i < 3; i++) System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
