package dev.lanyard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CurrentContextTest {
  private static final Key<String> NAME = Key.printed("name");

  private final Context root = Context.background();

  private Context named(String name) {
    return root.withValue(NAME, name);
  }

  private static ContextSnapshot snapshot() {
    return ContextSnapshotFactory.builder().build().captureAll();
  }

  private static String current() {
    return String.valueOf(CurrentContext.get().value(NAME));
  }

  @Test
  void isWhatIsBound() {
    Context a = named("a");
    a.run(() -> assertThat(CurrentContext.get()).isSameAs(a));
    assertThat(CurrentContext.get()).isSameAs(root);
  }

  @Test
  void theAccessorIsFoundAsAService() {
    assertThat(ContextRegistry.getInstance().getThreadLocalAccessors())
        .anyMatch(PropagatedContext.class::isInstance);
  }

  @Test
  void aSnapshotBringsItToAnotherThreadAndTakesItAwayAgain() throws Exception {
    ContextSnapshot snapshot = named("a").call(CurrentContextTest::snapshot);
    var seen = new CompletableFuture<String>();
    Thread.startVirtualThread(() -> {
      String inside;
      try (var _ = snapshot.setThreadLocals()) {
        inside = current() + (Context.current() == root);
      }
      seen.complete(inside + current());
    });
    assertThat(seen.get()).isEqualTo("atruenull");
  }

  @Test
  void theInnermostCountsWhicheverWayItCame() {
    ContextSnapshot snapshot = named("brought").call(CurrentContextTest::snapshot);
    ContextSnapshot other = named("other").call(CurrentContextTest::snapshot);
    named("a")
        .run(() -> {
          try (var _ = snapshot.setThreadLocals()) {
            assertThat(current()).isEqualTo("brought");
            named("b")
                .run(() -> {
                  assertThat(current()).isEqualTo("b");
                  try (var _ = other.setThreadLocals()) {
                    assertThat(current()).isEqualTo("other");
                  }
                  assertThat(current()).isEqualTo("b");
                });
            assertThat(current()).isEqualTo("brought");
          }
          assertThat(current()).isEqualTo("a");
        });
    assertThat(current()).isEqualTo("null");
  }

  @Test
  void whatIsBroughtGivesNoRightToCancel() {
    try (CancellableContext ctx = named("a").withCancel()) {
      CurrentContext.bring(CurrentContext.withoutRights(ctx));
      assertThat(CurrentContext.get()).isNotInstanceOf(CancellableContext.class);
      new PropagatedContext().setValue();
    }
    assertThat(CurrentContext.get()).isSameAs(root);
  }

  @Test
  void whatWasLeftBehindUnderABindingIsSeenNowhereElse() {
    named("a").run(() -> CurrentContext.bring(named("left")));
    assertThat(current()).isEqualTo("null");
    named("b").run(() -> assertThat(current()).isEqualTo("b"));
  }
}
