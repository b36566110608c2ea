package dev.lanyard.proofs.tasks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.tasks.Outcome;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskProcessor;
import dev.lanyard.tasks.TaskRef;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The processor that keeps everything in memory. */
final class MemorySubject implements Subject {
  private final Script script = new Script();
  private final Trail trail = new Trail();
  private final Map<String, TaskRef> submitted = new ConcurrentHashMap<>();

  /** What lies above its tasks is all that bounds their extensions. */
  private final CancellableContext above;

  private final TaskProcessor processor;

  MemorySubject(Context parent, Setup setup) {
    above = parent.withTimeout(setup.longest());
    processor =
        TaskProcessor.in(
            above.withValue(TaskProcessor.REQUEST_ID, setup.requestId()),
            settings ->
                settings
                    .withWorkers(setup.workers())
                    .withGrace(setup.grace())
                    .withMaxTimeout(Contract.AMPLE)
                    .withKind(script.kind)
                    .withRandom(new LongestWait())
                    .withListener(trail));
  }

  @Override
  public Script script() {
    return script;
  }

  @Override
  public Trail trail() {
    return trail;
  }

  @Override
  public void submitAll(List<Task> tasks) {
    for (TaskRef ref : processor.submitAll(tasks)) submitted.put(ref.id(), ref);
  }

  @Override
  public boolean isLive(String id) {
    return processor.find(id).isPresent();
  }

  @Override
  public State state(String id) {
    return ref(id).state();
  }

  @Override
  public int progress(String id) {
    return ref(id).progress();
  }

  @Override
  public Ended await(String id) throws InterruptedException {
    return switch (ref(id).await(Context.background())) {
      case Outcome.Completed(var result) ->
          new Ended(State.COMPLETED, result == null ? null : result.toString(), null);
      case Outcome.Failed(var failure) -> new Ended(State.FAILED, null, failure.toString());
      case Outcome.Cancelled(var reason) ->
          new Ended(State.CANCELLED, null, messageOf(reason.getCause()));
      case Outcome.TimedOut _ -> new Ended(State.TIMED_OUT, null, null);
    };
  }

  private static @Nullable String messageOf(@Nullable Throwable cause) {
    return cause == null ? null : cause.getMessage();
  }

  @Override
  public boolean cancel(String id, @Nullable String cause) {
    return ref(id).cancel(cause == null ? null : new CancellationException(cause));
  }

  @Override
  public boolean drain(Deadline deadline) throws InterruptedException {
    return processor.drain(deadline);
  }

  @Override
  public long stuck() {
    return processor.stats().stuck();
  }

  @Override
  public void close() {
    processor.close();
    above.close();
  }

  /** Forks are not submitted here: those that live are found. */
  private TaskRef ref(String id) {
    TaskRef ref = submitted.get(id);
    return ref != null ? ref : processor.find(id).orElseThrow();
  }
}
