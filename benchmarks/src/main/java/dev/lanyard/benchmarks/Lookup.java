package dev.lanyard.benchmarks;

import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Values, found at the root of a chain of values, or not at all. */
@State(Scope.Thread)
public class Lookup {
  static final Key<String> FIRST = Key.of("first");
  private static final Key<String> MISSING = Key.of("missing");

  Context depth1 = valuesUnder(Context.background(), 1);
  Context depth10 = valuesUnder(Context.background(), 10);
  Context depth50 = valuesUnder(Context.background(), 50);

  /** A chain whose first value is that of {@link #FIRST}. */
  static Context valuesUnder(Context root, int depth) {
    Context first = root.withValue(FIRST, "value");
    return IntStream.range(1, depth)
        .mapToObj(i -> Key.<String>of("key" + i))
        .reduce(first, (ctx, key) -> ctx.withValue(key, "value"), (_, last) -> last);
  }

  @Benchmark
  public @Nullable String value1() {
    return depth1.value(FIRST);
  }

  @Benchmark
  public @Nullable String value10() {
    return depth10.value(FIRST);
  }

  @Benchmark
  public @Nullable String value50() {
    return depth50.value(FIRST);
  }

  @Benchmark
  public @Nullable String valueMiss50() {
    return depth50.value(MISSING);
  }
}
