package dev.lanyard.context;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What {@link Context#done()} gives out. */
final class Stage extends Listener {
  private static final CompletionStage<Void> COMPLETED = CompletableFuture.completedStage(null);

  private final View view = new View();

  Stage(Scope owner) {
    super(owner);
  }

  static CompletionStage<Void> completed() {
    return COMPLETED;
  }

  CompletionStage<Void> view() {
    return view;
  }

  @Override
  void ended() {
    view.end();
  }

  /**
   * A future that only its context completes: whatever its holders do to it, the others see
   * nothing. The JDK's own minimal stage does this with a second future, a relay between the two
   * and twice the time.
   */
  private static final class View extends CompletableFuture<Void> {
    @SuppressWarnings("NullAway") // there is no other Void
    void end() {
      super.complete(null);
    }

    /** A copy: its holder may complete or cancel that. */
    @Override
    public CompletableFuture<Void> toCompletableFuture() {
      return copy();
    }

    @Override
    public boolean complete(Void value) {
      throw refused();
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
      throw refused();
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      throw refused();
    }

    @Override
    public void obtrudeValue(Void value) {
      throw refused();
    }

    @Override
    public void obtrudeException(Throwable failure) {
      throw refused();
    }

    @Override
    public CompletableFuture<Void> completeAsync(
        Supplier<? extends Void> supplier, Executor executor) {
      throw refused();
    }

    @Override
    public CompletableFuture<Void> completeAsync(Supplier<? extends Void> supplier) {
      throw refused();
    }

    @Override
    public CompletableFuture<Void> orTimeout(long timeout, TimeUnit unit) {
      throw refused();
    }

    @Override
    public CompletableFuture<Void> completeOnTimeout(Void value, long timeout, TimeUnit unit) {
      throw refused();
    }

    private static UnsupportedOperationException refused() {
      return new UnsupportedOperationException(
          "only its owner ends a context; toCompletableFuture() gives a copy of your own");
    }
  }
}
