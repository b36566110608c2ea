package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/** A million live children of one parent, of which a random one is cancelled and replaced. */
@State(Scope.Thread)
public class LiveMillion {
  @Param("1000000")
  int size;

  private final SplittableRandom random = new SplittableRandom(1);
  private final CancellableContext parent = Context.background().withCancel();
  private CancellableContext[] live = {};

  @Setup
  public void fill(BenchmarkParams benchmark) {
    boolean listened = !benchmark.getBenchmark().endsWith("Unlistened");
    live = new CancellableContext[size];
    for (int i = 0; i < size; i++) live[i] = listened ? listened() : parent.withCancel();
  }

  @Benchmark
  public Context liveMillion() {
    int i = random.nextInt(size);
    live[i].cancel();
    live[i] = listened();
    return live[i];
  }

  @Benchmark
  public Context liveMillionUnlistened() {
    int i = random.nextInt(size);
    live[i].cancel();
    live[i] = parent.withCancel();
    return live[i];
  }

  private CancellableContext listened() {
    CancellableContext ctx = parent.withCancel();
    var _ = ctx.onDone(LiveMillion::nothing);
    return ctx;
  }

  private static void nothing() {}
}
