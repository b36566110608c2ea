package dev.lanyard.proofs.tasks;

import dev.lanyard.context.Deadline;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A processor under test, over whichever store: what a user can ask of each. */
interface Subject extends AutoCloseable {
  /** The kind of its tasks. */
  Script script();

  /** Everything that it told its listener. */
  Trail trail();

  void submitAll(List<Task> tasks);

  default void submit(Task task) {
    submitAll(List.of(task));
  }

  /** Whether it knows a task that has not ended. */
  boolean isLive(String id);

  State state(String id);

  int progress(String id);

  Ended await(String id) throws InterruptedException;

  /** False if it had ended. */
  boolean cancel(String id, @Nullable String cause);

  boolean drain(Deadline deadline) throws InterruptedException;

  long stuck();

  @Override
  void close();

  /** Submits a task and waits for its end. */
  default Ended run(Task task) throws InterruptedException {
    submit(task);
    return await(task.id());
  }

  default Task task(String name, Script.Body body) {
    return script().task(name, body);
  }
}
