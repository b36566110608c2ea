package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Contexts that are made, and released, without anybody listening to them. */
@State(Scope.Thread)
public class Derive {
  private static final Key<String> KEY = Key.of("key");

  Duration hour = Duration.ofHours(1);
  Context background = Context.background();
  CancellableContext parent = Context.background().withCancel();
  String value = "value";

  @Benchmark
  public Context withCancelBackground() {
    CancellableContext ctx = background.withCancel();
    ctx.cancel();
    return ctx;
  }

  @Benchmark
  public Context withCancel() {
    CancellableContext ctx = parent.withCancel();
    ctx.cancel();
    return ctx;
  }

  @Benchmark
  public Context withTimeoutBackground() {
    CancellableContext ctx = background.withTimeout(hour);
    ctx.cancel();
    return ctx;
  }

  @Benchmark
  public Context withTimeout() {
    CancellableContext ctx = parent.withTimeout(hour);
    ctx.cancel();
    return ctx;
  }

  @Benchmark
  public Context withTimeoutExpired() {
    CancellableContext ctx = parent.withTimeout(Duration.ZERO);
    ctx.cancel();
    return ctx;
  }

  @Benchmark
  public Context withValue() {
    return parent.withValue(KEY, value);
  }

  @Benchmark
  public Context withoutCancel() {
    return parent.withoutCancel();
  }
}
