import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;

/**
 * What Saturation does, for the timeout of a StructuredTaskScope. A preview, so it is compiled when it is run. Its fork
 * has a thread of the system, which needs no carrier.
 */
class StructuredSaturation {
  private static final Duration TIMEOUT = Duration.ofMillis(100);

  public static void main(String[] arguments) throws InterruptedException {
    var _ = firedAfter(); // so that the loading of classes does not count
    long end = System.nanoTime() + Duration.ofMillis(Long.parseLong(arguments[0])).toNanos();
    Runnable busy =
        () -> {
          while (System.nanoTime() - end < 0) Thread.onSpinWait();
        };
    for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
      ForkJoinPool.commonPool().execute(busy);
      Thread.startVirtualThread(busy);
    }
    var samples = new ArrayList<Long>();
    do samples.add(firedAfter());
    while (System.nanoTime() + TIMEOUT.toNanos() - end < 0);
    Collections.sort(samples);
    say("fired-after-p50", samples.get(samples.size() / 2));
    say("fired-after-most", samples.getLast());
  }

  private static void say(String metric, long nanos) {
    System.out.printf(Locale.ROOT, "%s\t%.3f%n", metric, nanos / 1e6);
  }

  private static long firedAfter() throws InterruptedException {
    long start = System.nanoTime();
    var platformThreads = Thread.ofPlatform().factory();
    try (var scope =
        StructuredTaskScope.open(
            Joiner.awaitAll(), c -> c.withTimeout(TIMEOUT).withThreadFactory(platformThreads))) {
      scope.fork(
          () -> {
            new CountDownLatch(1).await();
            return null;
          });
      scope.join();
      throw new AssertionError("nothing has counted down");
    } catch (StructuredTaskScope.TimeoutException expected) {
      return System.nanoTime() - start;
    }
  }
}
