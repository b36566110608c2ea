package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Contexts that somebody listens to, so that they have a place in the tree, as every context of Go
 * has.
 */
@State(Scope.Thread)
public class Listen {
  Duration hour = Duration.ofHours(1);
  Duration twoHours = Duration.ofHours(2);
  Context background = Context.background();
  CancellableContext parent = Context.background().withCancel();
  CancellableContext earlier = Context.background().withTimeout(hour);
  Runnable action = () -> {};

  @Benchmark
  public Context withCancelListenedBackground(Blackhole hole) {
    CancellableContext ctx = background.withCancel();
    hole.consume(ctx.done());
    ctx.cancel();
    return ctx;
  }

  @Benchmark
  public Context withCancelListened(Blackhole hole) {
    CancellableContext ctx = parent.withCancel();
    hole.consume(ctx.done());
    ctx.cancel();
    return ctx;
  }

  @Benchmark
  public Context withCancelOnDone(Blackhole hole) {
    CancellableContext ctx = parent.withCancel();
    hole.consume(ctx.onDone(action));
    ctx.cancel();
    return ctx;
  }

  @Benchmark
  public Context withTimeoutListenedBackground(Blackhole hole) {
    CancellableContext ctx = background.withTimeout(hour);
    hole.consume(ctx.done());
    ctx.cancel();
    return ctx;
  }

  @Benchmark
  public Context withTimeoutListened(Blackhole hole) {
    CancellableContext ctx = parent.withTimeout(hour);
    hole.consume(ctx.done());
    ctx.cancel();
    return ctx;
  }

  @Benchmark
  public Context withTimeoutOnDone(Blackhole hole) {
    CancellableContext ctx = parent.withTimeout(hour);
    hole.consume(ctx.onDone(action));
    ctx.cancel();
    return ctx;
  }

  @Benchmark
  public Context withTimeoutUnderEarlier(Blackhole hole) {
    CancellableContext ctx = earlier.withTimeout(twoHours);
    hole.consume(ctx.done());
    ctx.cancel();
    return ctx;
  }

  @Benchmark
  public boolean onDoneStop() {
    return parent.onDone(action).stop();
  }

  @Benchmark
  public boolean afterFuncStop() {
    return parent.afterFunc(action).stop();
  }
}
