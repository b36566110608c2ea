package dev.lanyard.proofs.tasks;

import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.durable.Cancellation;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.DurableSettings;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.Submission;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.durable.Trace;
import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A node over a database. */
final class StoredSubject implements Subject {
  private final Script script = new Script();
  private final Trail trail = new Trail();
  private final Trace trace;
  private final Duration longest;
  private final DurableProcessor processor;

  StoredSubject(Context parent, Database database, Setup setup) {
    this(parent, database, setup, UnaryOperator.identity());
  }

  StoredSubject(
      Context parent, Database database, Setup setup, UnaryOperator<DurableSettings> more) {
    longest = setup.longest();
    trace = Trace.none().withRequestId(setup.requestId());
    processor =
        DurableProcessor.start(
            parent,
            database,
            settings ->
                more.apply(
                    settings
                        .withWorkers(setup.workers())
                        .withGrace(setup.grace())
                        .withMaxTimeout(Contract.AMPLE)
                        .withPatience(Duration.ZERO)
                        .withOnlyKinds(script.kind)
                        .withRandom(new LongestWait())
                        .withListener(trail)));
  }

  DurableProcessor processor() {
    return processor;
  }

  TaskStore store() {
    return processor.store();
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
    processor.submitAll(
        tasks.stream().map(task -> Submission.of(task).in(trace).longest(longest)).toList());
  }

  @Override
  public boolean isLive(String id) {
    return store().find(id).filter(task -> !task.state().isTerminal()).isPresent();
  }

  @Override
  public State state(String id) {
    return find(id).state();
  }

  @Override
  public int progress(String id) {
    return find(id).progress();
  }

  @Override
  public Ended await(String id) throws InterruptedException {
    StoredTask task = store().await(Context.background(), id);
    return switch (task.state()) {
      case COMPLETED -> new Ended(task.state(), task.result(), null);
      case FAILED -> new Ended(task.state(), null, task.error());
      case CANCELLED -> new Ended(task.state(), null, task.cancelCause());
      default -> new Ended(task.state(), null, null);
    };
  }

  @Override
  public boolean cancel(String id, @Nullable String cause) {
    try {
      StoredTask _ = store().cancel(id, new Cancellation(cause, null));
      return true;
    } catch (RefusedException refused) {
      if (refused.reason() == RefusedException.Reason.ENDED) return false;
      throw refused;
    }
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
  }

  private StoredTask find(String id) {
    return store().find(id).orElseThrow();
  }
}
