package dev.lanyard.benchmarks;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Context.CancellationListener;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The context of gRPC, which registers with its parent as soon as somebody listens, as Lanyard's
 * does.
 */
@State(Scope.Thread)
public class PeersGrpc {
  private static final Context.Key<String> FIRST = Context.key("first");

  ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  CancellableContext parent = Context.ROOT.withCancellation();
  Context depth1 = valuesUnder(Context.ROOT, 1);
  Context depth10 = valuesUnder(Context.ROOT, 10);
  Context depth50 = valuesUnder(Context.ROOT, 50);
  CancellationListener action = _ -> {};
  Executor direct = Runnable::run;

  private static Context valuesUnder(Context root, int depth) {
    Context first = root.withValue(FIRST, "value");
    return IntStream.range(1, depth)
        .mapToObj(i -> Context.<String>key("key" + i))
        .reduce(first, (ctx, key) -> ctx.withValue(key, "value"), (_, last) -> last);
  }

  @TearDown
  public void stop() {
    timers.shutdownNow();
  }

  @Benchmark
  public Context grpcWithCancel() {
    CancellableContext ctx = parent.withCancellation();
    ctx.cancel(null);
    return ctx;
  }

  @Benchmark
  public Context grpcWithCancelOnDone() {
    CancellableContext ctx = parent.withCancellation();
    ctx.addListener(action, direct);
    ctx.cancel(null);
    return ctx;
  }

  @Benchmark
  public Context grpcWithTimeout() {
    CancellableContext ctx = parent.withDeadlineAfter(1, TimeUnit.HOURS, timers);
    ctx.cancel(null);
    return ctx;
  }

  @Benchmark
  public Context grpcWithValue() {
    return parent.withValue(FIRST, "value");
  }

  @Benchmark
  public void grpcOnDoneStop() {
    parent.addListener(action, direct);
    parent.removeListener(action);
  }

  @Benchmark
  public boolean grpcDonePoll() {
    return parent.isCancelled();
  }

  @Benchmark
  public String grpcValue1() {
    return FIRST.get(depth1);
  }

  @Benchmark
  public String grpcValue10() {
    return FIRST.get(depth10);
  }

  @Benchmark
  public String grpcValue50() {
    return FIRST.get(depth50);
  }
}
