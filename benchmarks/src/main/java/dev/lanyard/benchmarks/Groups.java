package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Group;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Work that is forked into one or ten threads and joined. It does nothing. Who forks is a virtual
 * thread too, as in Go it is a goroutine: a thread of the system would be woken by the system.
 */
@Fork(jvmArgsAppend = "-Djmh.executor=VIRTUAL")
@State(Scope.Thread)
public class Groups {
  CancellableContext parent = Context.background().withCancel();
  String value = "value";
  volatile String sink = "";

  @Benchmark
  public void group1() throws ExecutionException, InterruptedException {
    group(1);
  }

  @Benchmark
  public void group10() throws ExecutionException, InterruptedException {
    group(10);
  }

  /** What the platform takes for so many virtual threads that do nothing and are waited for. */
  @Benchmark
  public void jdkThreads10() throws InterruptedException {
    var threads = new Thread[10];
    for (int i = 0; i < threads.length; i++)
      threads[i] = Thread.startVirtualThread(() -> sink = value);
    for (Thread thread : threads) thread.join();
  }

  private void group(int forks) throws ExecutionException, InterruptedException {
    try (Group group = Group.in(parent)) {
      for (int i = 0; i < forks; i++) {
        var _ = group.fork(() -> value);
      }
      group.join();
    }
  }

  @Benchmark
  public void jdkGroup1() {
    executor(1);
  }

  @Benchmark
  public void jdkGroup10() {
    executor(10);
  }

  /** The nearest thing in the JDK that is no preview: it waits for all and cancels none. */
  private void executor(int forks) {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < forks; i++) {
        var _ = executor.submit(() -> value);
      }
    }
  }
}
