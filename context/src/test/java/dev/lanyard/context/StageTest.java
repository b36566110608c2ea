package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holders of {@link Context#done()} can do to it, and to each other. */
@SuppressWarnings({"NullAway", "FutureReturnValueIgnored"}) // there is no other Void
class StageTest {
  private static final List<Consumer<CompletableFuture<Void>>> ENDINGS =
      List.of(
          stage -> stage.complete(null),
          stage -> stage.completeExceptionally(new Exception()),
          stage -> stage.cancel(true),
          stage -> stage.obtrudeValue(null),
          stage -> stage.obtrudeException(new Exception()),
          stage -> stage.completeAsync(() -> null),
          stage -> stage.completeAsync(() -> null, Runnable::run),
          stage -> stage.orTimeout(0, TimeUnit.NANOSECONDS),
          stage -> stage.completeOnTimeout(null, 0, TimeUnit.NANOSECONDS));

  private final CancellableContext context = Context.background().withCancel();
  private final List<String> told = new ArrayList<>();

  @Test
  @DisplayName("nobody completes the stage but the context, and whoever tries is told so")
  void onlyTheContextCompletes() {
    var stage = (CompletableFuture<Void>) context.done();
    stage.thenRun(() -> told.add("ended"));
    for (Consumer<CompletableFuture<Void>> ending : ENDINGS) {
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> ending.accept(stage))
          .withMessageContaining("only its owner ends a context");
    }
    assertThat(stage).isNotDone();
    assertThat(told).isEmpty();

    context.cancel();

    assertThat(stage).isCompletedWithValue(null);
    assertThat(told).containsExactly("ended");
  }

  @Test
  @DisplayName("a copy is its holder's own, and ends neither the stage nor the context")
  void copy() {
    CompletableFuture<Void> mine = context.done().toCompletableFuture();
    CompletableFuture<Void> yours = context.done().toCompletableFuture();

    assertThat(mine.complete(null)).isTrue();

    assertThat(yours).isNotDone();
    assertThat(context.isDone()).isFalse();
    context.cancel();
    assertThat(yours).isCompleted();
  }
}
