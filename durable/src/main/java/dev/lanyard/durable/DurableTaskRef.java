package dev.lanyard.durable;

import dev.lanyard.context.Context;
import dev.lanyard.tasks.Outcome;
import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskRef;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A task that a handler forked into a database. */
final class DurableTaskRef implements TaskRef {
  private final TaskStore store;
  private final Task task;

  DurableTaskRef(TaskStore store, Task task) {
    this.store = store;
    this.task = task;
  }

  @Override
  public String id() {
    return task.id();
  }

  @Override
  public Task task() {
    return task;
  }

  @Override
  public State state() {
    return store.find(id()).map(StoredTask::state).orElse(State.PENDING);
  }

  @Override
  public int progress() {
    return store.find(id()).map(StoredTask::progress).orElse(0);
  }

  @Override
  public CompletionStage<Outcome> outcome() {
    CompletableFuture<Outcome> outcome = store.ended(id()).thenApply(Outcomes::of);
    return outcome.minimalCompletionStage();
  }

  @Override
  public boolean cancel(@Nullable Throwable cause) {
    try {
      String text = cause == null ? null : Texts.failure(cause);
      store.cancel(id(), new Cancellation(text, null));
      return true;
    } catch (RefusedException ended) {
      return false;
    }
  }

  @Override
  public Outcome await(Context context) throws InterruptedException {
    Objects.requireNonNull(context, "say in which context to wait");
    return Outcomes.of(store.await(context, id()));
  }

  @Override
  public String toString() {
    return task.kind() + " " + id();
  }
}
