package dev.lanyard.benchmarks;

/** How full the heap is. */
public final class Heap {
  private Heap() {}

  /**
   * Collects garbage, and then looks.
   *
   * @return bytes that are in use
   */
  public static long used() {
    for (int i = 0; i < 3; i++) System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
