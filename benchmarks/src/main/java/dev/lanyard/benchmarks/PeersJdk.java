package dev.lanyard.benchmarks;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A future as a signal: it has no parent, and the JDK's own timers. */
@State(Scope.Thread)
public class PeersJdk {
  CompletableFuture<Void> live = new CompletableFuture<>();
  Runnable action = () -> {};

  @Benchmark
  public CompletableFuture<Void> jdkWithCancelBackground() {
    var future = new CompletableFuture<Void>();
    future.complete(null);
    return future;
  }

  @Benchmark
  public CompletableFuture<Void> jdkWithCancelOnDone() {
    var future = new CompletableFuture<Void>();
    CompletableFuture<Void> dependent = future.thenRun(action);
    future.complete(null);
    return dependent;
  }

  @Benchmark
  public CompletableFuture<Void> jdkWithTimeoutBackground() {
    var future = new CompletableFuture<Void>().orTimeout(1, TimeUnit.HOURS);
    future.complete(null);
    return future;
  }

  @Benchmark
  public boolean jdkDonePoll() {
    return live.isDone();
  }
}
