package dev.lanyard.benchmarks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a server does with contexts for one request: two values, a timeout, a cancel, ten polls, a
 * lookup.
 */
@State(Scope.Thread)
public class Request {
  private static final Key<String> USER = Key.of("user");
  private static final Key<String> TRACE = Key.of("trace");

  Duration halfMinute = Duration.ofSeconds(30);
  CancellableContext server = Context.background().withCancel();
  String value = "value";

  @Benchmark
  public void request(Blackhole hole) {
    Context user = server.withValue(USER, value);
    try (CancellableContext timed = user.withTimeout(halfMinute);
        CancellableContext call = timed.withValue(TRACE, value).withCancel()) {
      hole.consume(call.done());
      work(call, hole);
    }
  }

  @Benchmark
  public void requestUnlistened(Blackhole hole) {
    Context user = server.withValue(USER, value);
    try (CancellableContext timed = user.withTimeout(halfMinute);
        CancellableContext call = timed.withValue(TRACE, value).withCancel()) {
      work(call, hole);
    }
  }

  private static void work(Context call, Blackhole hole) {
    for (int i = 0; i < 10; i++) hole.consume(call.err());
    hole.consume(call.value(USER));
  }
}
