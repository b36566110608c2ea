package dev.lanyard.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import dev.lanyard.context.RootContext;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Row 26, beaten: what nobody cancels and nobody holds is garbage, also below a living parent. */
class LeakTest {
  private static final Key<Integer> KEY = Key.of("number");

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void forgottenContextsAreCollected() {
    var time = new HandMovedTime();
    RootContext root = Context.root(time);
    CancellableContext parent = root.withCancel();
    List<WeakReference<Context>> sample = new ArrayList<>();
    for (int i = 0; i < 300_000; i++) {
      Context ctx = forgotten(parent, i);
      if (i % 1_000 == 0) sample.add(new WeakReference<>(ctx));
    }
    AfterCollection.holds(
        () -> "all are collected", () -> sample.stream().allMatch(each -> each.refersTo(null)));
    // Whoever polls next takes away what the collected ones have left behind.
    AfterCollection.holds(
        () -> "their alarms are gone, and there are " + time.armed(),
        () -> {
          poll(parent.withCancel());
          return time.armed() <= 1;
        });
    assertThat(parent.isDone()).isFalse();
  }

  private static Context forgotten(Context parent, int number) {
    Context ctx = parent.withTimeout(Duration.ofMinutes(1)).withValue(KEY, number);
    poll(ctx);
    return ctx;
  }

  private static void poll(Context ctx) {
    for (int i = 0; i < 100; i++) {
      if (ctx.isDone()) throw new AssertionError("nothing has ended it");
    }
  }
}
