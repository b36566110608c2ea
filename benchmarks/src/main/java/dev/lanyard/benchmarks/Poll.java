package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What code asks of a context again and again, of contexts to which nobody listens unless the name
 * says so.
 */
@State(Scope.Thread)
public class Poll {
  Context live = Context.background().withCancel();
  Context values = Lookup.valuesUnder(Context.background().withCancel(), 9);
  Context depth1 = cancels(1);
  Context depth10 = cancels(10);
  Context depth50 = cancels(50);
  Context listened = listenedTo(cancels(10));
  Context timed = Context.background().withTimeout(Duration.ofHours(1));
  Context timedValues = Lookup.valuesUnder(timed, 9);
  Context ended = ended();

  static Context cancels(int depth) {
    Context ctx = Context.background();
    for (int i = 0; i < depth; i++) ctx = ctx.withCancel();
    return ctx;
  }

  private static Context listenedTo(Context ctx) {
    var _ = ctx.onDone(() -> {});
    return ctx;
  }

  private static Context ended() {
    CancellableContext ctx = Context.background().withCancel();
    ctx.cancel();
    return ctx;
  }

  /** The floor: what the harness takes for a field that is read and returned. */
  @Benchmark
  public Object baseline() {
    return live;
  }

  @Benchmark
  public @Nullable ContextException errLive1() {
    return depth1.err();
  }

  @Benchmark
  public @Nullable ContextException errLive10() {
    return depth10.err();
  }

  @Benchmark
  public @Nullable ContextException errLive50() {
    return depth50.err();
  }

  @Benchmark
  public @Nullable ContextException errLiveListened() {
    return listened.err();
  }

  @Benchmark
  public @Nullable ContextException errLiveValues9() {
    return values.err();
  }

  @Benchmark
  public @Nullable ContextException errLiveTimeout() {
    return timed.err();
  }

  @Benchmark
  public @Nullable ContextException errEnded() {
    return ended.err();
  }

  @Benchmark
  public boolean donePoll() {
    return live.isDone();
  }

  @Benchmark
  public boolean donePollListened() {
    return listened.isDone();
  }

  @Benchmark
  public boolean donePollValues9() {
    return values.isDone();
  }

  @Benchmark
  public Deadline deadline1() {
    return timed.deadline();
  }

  @Benchmark
  public Deadline deadlineValues9() {
    return timedValues.deadline();
  }

  @Benchmark
  public @Nullable Throwable causeLive() {
    return live.cause();
  }

  @Benchmark
  public @Nullable Throwable causeValues9() {
    return values.cause();
  }
}
