package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Section L, and the rows that count threads: what things cost. In bytes, where Go counts
 * allocations: the limits are the bytes that Go was seen to use.
 */
@Isolated("counts the threads of the process")
class CostTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Key<String> NAME = Key.of("name");
  private static final Duration HOUR = Duration.ofHours(1);

  /** Whatever is stored here has been allocated, whatever the compiler can prove. */
  private static volatile @Nullable Object sink;

  private final CancellableContext parent = Context.background().withCancel();

  /** The least of many runs: the compiler and its first use cost, the operation does not vary. */
  private static double bytesEach(Runnable operation) {
    int batch = 1000;
    long least = Long.MAX_VALUE;
    for (int run = 0; run < 30; run++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < batch; i++) operation.run();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return (double) least / batch;
  }

  @Test
  @DisplayName("rows 2, 131: the roots cost nothing: always the same objects")
  void roots() {
    assertThat(Context.background()).isSameAs(Context.background());
    assertThat(Context.todo()).isSameAs(Context.todo());
    assertThat(
            bytesEach(() -> {
              sink = Context.background();
              sink = Context.todo();
            }))
        .isLessThan(1);
  }

  @Test
  @DisplayName("row 132: withValue and a lookup")
  void withValue() {
    assertThat(
            bytesEach(() -> {
              Context context = parent.withValue(NAME, "x");
              sink = context;
              sink = context.value(NAME);
            }))
        .isLessThanOrEqualTo(48);
  }

  @Test
  @DisplayName("row 133: a timeout that has passed, and asking for its end")
  void passedTimeout() {
    assertThat(
            bytesEach(() -> {
              CancellableContext context = parent.withTimeout(Duration.ZERO);
              sink = context;
              sink = context.done();
            }))
        .isLessThanOrEqualTo(272);
  }

  @Test
  @DisplayName("row 134: withCancel, the stage and cancel")
  void withCancel() {
    assertThat(
            bytesEach(() -> {
              CancellableContext context = parent.withCancel();
              sink = context;
              context.cancel();
            }))
        .as("without the stage")
        .isLessThanOrEqualTo(112);
    assertThat(
            bytesEach(() -> {
              CancellableContext context = parent.withCancel();
              sink = context.done();
              context.cancel();
            }))
        .as("with the stage, which is more than Go's channel")
        .isLessThanOrEqualTo(480);
  }

  @Test
  @DisplayName("row 135: withTimeout and cancel")
  void withTimeout() {
    assertThat(
            bytesEach(() -> {
              CancellableContext context = parent.withTimeout(HOUR);
              sink = context;
              context.cancel();
            }))
        .isLessThanOrEqualTo(272);
  }

  @Test
  @DisplayName("rows 91, 103, 136: no thread exists for a context, nor for a registration")
  void noThreads(@TempDir Path directory) throws IOException {
    var clock = new HandClock();
    CancellableContext scope = Context.root(clock).withCancel();
    scope.withTimeout(HOUR).onDone(() -> {});
    long before = threads(directory, "before");
    List<Registration> registrations = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      registrations.add(scope.afterFunc(() -> {}));
      registrations.add(scope.withTimeout(HOUR).afterFunc(() -> {}));
      registrations.add(scope.withValue(NAME, "x").withCancel().onDone(() -> {}));
      scope.linkedTo(Context.todo().withCancel()).done();
    }
    assertThat(threads(directory, "with registrations") - before).isLessThan(20);
    registrations.forEach(Registration::stop);
    scope.cancel();
  }

  /** Of both kinds. */
  private static long threads(Path directory, String name) throws IOException {
    Path dump = directory.resolve(name + ".json");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(dump.toString(), ThreadDumpFormat.JSON);
    return Files.readString(dump).lines().filter(line -> line.contains("\"tid\"")).count();
  }

  @Test
  @DisplayName("row 92: an afterFunc that throws is reported by its thread, and disturbs nobody")
  void throwingAction() {
    var reported = Collections.synchronizedList(new ArrayList<Throwable>());
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> reported.add(thrown));
    try {
      CancellableContext scope = Context.background().withCancel();
      var ran = new CountDownLatch(2);
      scope.afterFunc(ran::countDown);
      scope.afterFunc(() -> {
        throw new IllegalStateException("broken");
      });
      scope.afterFunc(ran::countDown);
      scope.cancel();
      Together.await(ran);
      Together.eventually("it is reported", () -> !reported.isEmpty());
      assertThat(reported).singleElement().isInstanceOf(IllegalStateException.class);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
