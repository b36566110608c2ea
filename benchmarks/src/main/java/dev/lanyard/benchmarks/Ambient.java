package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The context of the running thread, and regions in which an end interrupts it. Go has neither. */
@State(Scope.Thread)
public class Ambient {
  private static final ThreadLocal<@Nullable Context> LOCAL = new ThreadLocal<>();

  CancellableContext ctx = Context.background().withCancel();

  @Setup
  public void bind() {
    LOCAL.set(ctx);
  }

  @Benchmark
  public Context currentBind() {
    return ctx.call(Context::current);
  }

  @Benchmark
  public @Nullable Context jdkCurrentBind() {
    Context before = LOCAL.get();
    LOCAL.set(ctx);
    try {
      return LOCAL.get();
    } finally {
      LOCAL.set(before);
    }
  }

  /** A hundred reads in one binding, so that the cost of the binding hardly counts. */
  @Benchmark
  @OperationsPerInvocation(100)
  public int currentRead() {
    return ctx.call(Ambient::read100);
  }

  private static int read100() {
    int done = 0;
    for (int i = 0; i < 100; i++) {
      if (Context.current().isDone()) done++;
    }
    return done;
  }

  @Benchmark
  @OperationsPerInvocation(100)
  public int jdkCurrentRead() {
    int done = 0;
    for (int i = 0; i < 100; i++) {
      Context bound = LOCAL.get();
      if (bound == null || bound.isDone()) done++;
    }
    return done;
  }

  @Benchmark
  public Context interruptRegion() {
    return ctx.callInterruptibly(() -> ctx);
  }
}
