package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmokeTest {
  @Test
  void deepChain() {
    for (boolean poll : new boolean[] {false, true}) {
      CancellableContext top = Context.background().withCancel();
      Context c = top;
      List<Context> all = new ArrayList<>();
      for (int i = 0; i < 100_000; i++) {
        c = i % 3 == 0 ? c.withTimeout(Duration.ofHours(1)) : c.withCancel();
        if (poll) c.isDone();
        all.add(c);
      }
      boolean[] ran = new boolean[1];
      Registration r = c.onDone(() -> {});
      assertThat(r.stop()).isTrue();
      c.onDone(() -> ran[0] = true);
      top.cancel(new RuntimeException("x"));
      assertThat(ran[0]).isTrue();
      for (Context each : all) assertThat(each.isDone()).isTrue();
      assertThat(c.cause()).hasMessage("x");
    }
  }

  @Test
  void interrupts() throws Exception {
    try (var ctx = Context.background().withTimeout(Duration.ofMillis(50))) {
      assertThatThrownBy(() ->
              ctx.callInterruptibly(() -> {
                Thread.sleep(10_000);
                return 1;
              }))
          .isInstanceOf(DeadlineExceededException.class);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
    System.out.println(
        Context.background()
            .withTimeout(Duration.ofSeconds(2))
            .withValue(Key.of("k"), "v")
            .withoutCancel()
            .withCancel());
  }

  @Test
  void group() throws Exception {
    List<Integer> both = Group.all(Context.background(), List.of(() -> 1, () -> 2));
    assertThat(both).containsExactly(1, 2);
    int winner =
        Group.first(
            Context.background(),
            List.of(
                () -> 1,
                () -> {
                  Thread.sleep(10_000);
                  return 2;
                }));
    assertThat(winner).isEqualTo(1);
  }
}
