package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One and two threads with one parent: the time is that of the wall, for one child of either
 * thread.
 */
@State(Scope.Benchmark)
public class Shared {
  CancellableContext parent = Context.background().withCancel();
  Context live = Poll.cancels(10);
  Runnable action = () -> {};

  @Benchmark
  public Context sharedParent1(Blackhole hole) {
    return listened(hole);
  }

  @Benchmark
  @Threads(2)
  public Context sharedParent2(Blackhole hole) {
    return listened(hole);
  }

  @Benchmark
  public Context sharedParentUnlistened1() {
    return unlistened();
  }

  @Benchmark
  @Threads(2)
  public Context sharedParentUnlistened2() {
    return unlistened();
  }

  @Benchmark
  @Threads(2)
  public @Nullable ContextException errShared2() {
    return live.err();
  }

  private Context listened(Blackhole hole) {
    CancellableContext ctx = parent.withCancel();
    hole.consume(ctx.onDone(action));
    ctx.cancel();
    return ctx;
  }

  private Context unlistened() {
    CancellableContext ctx = parent.withCancel();
    ctx.cancel();
    return ctx;
  }
}
