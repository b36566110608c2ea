package dev.lanyard.context;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What {@link Context#done()} gives out. */
final class Stage extends Listener {
  private static final CompletionStage<Void> COMPLETED = CompletableFuture.completedStage(null);

  private final CompletableFuture<Void> source = new CompletableFuture<>();

  /** A view that its holders cannot complete, kept so that everyone gets the same. */
  private final CompletionStage<Void> view = source.minimalCompletionStage();

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
    source.complete(null);
  }
}
