package dev.lanyard.tasks;

import dev.lanyard.context.Context;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A task that is kept in memory. */
final class MemoryTaskRef implements TaskRef {
  private final Engine engine;
  private final Job job;

  MemoryTaskRef(Engine engine, Job job) {
    this.engine = engine;
    this.job = job;
  }

  /** For a task whose context has ended: it ends within the grace. */
  void joinCancelled() {
    job.outcome.join();
  }

  @Override
  public String id() {
    return task().id();
  }

  @Override
  public Task task() {
    return job.task;
  }

  @Override
  public State state() {
    return job.state;
  }

  @Override
  public int progress() {
    return job.progress;
  }

  @Override
  public CompletionStage<Outcome> outcome() {
    return job.outcome.minimalCompletionStage();
  }

  @Override
  public boolean cancel(@Nullable Throwable cause) {
    return engine.cancel(job, cause);
  }

  @Override
  public Outcome await(Context context) throws InterruptedException {
    return engine.await(job, Objects.requireNonNull(context, "say in which context to wait"));
  }

  @Override
  public String toString() {
    return job.toString();
  }
}
