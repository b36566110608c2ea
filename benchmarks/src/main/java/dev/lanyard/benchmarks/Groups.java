package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Group;
import java.util.concurrent.ExecutionException;
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

  private void group(int forks) throws ExecutionException, InterruptedException {
    try (Group group = Group.in(parent)) {
      for (int i = 0; i < forks; i++) {
        var _ = group.fork(() -> value);
      }
      group.join();
    }
  }

  @Benchmark
  public void jdkGroup1() throws InterruptedException {
    threads(1);
  }

  @Benchmark
  public void jdkGroup10() throws InterruptedException {
    threads(10);
  }

  /** What the platform takes for so many virtual threads that nothing cancels. */
  private void threads(int count) throws InterruptedException {
    var threads = new Thread[count];
    for (int i = 0; i < count; i++) threads[i] = Thread.startVirtualThread(() -> sink = value);
    for (Thread thread : threads) thread.join();
  }
}
