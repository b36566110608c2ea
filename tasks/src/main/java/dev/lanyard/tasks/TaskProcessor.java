package dev.lanyard.tasks;

import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.Key;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks, at most so many at once, the most urgent first; equal ones in the order in which they
 * were submitted. Everything is kept in memory; of tasks that have ended, the ids and states of the
 * last 10,000 are remembered, so that an id is not used twice and a child finds how its parent
 * ended.
 *
 * {@snippet :
 * try (TaskProcessor processor = TaskProcessor.in(ctx)) {
 *   TaskRef report = processor.submit(Task.of("Report", Exec.KIND, Exec.of("make", "report")));
 *   Outcome outcome = report.await(ctx);
 * }
 * }
 *
 * @since 0.1
 */
public final class TaskProcessor implements AutoCloseable {
  /** The id of the request that a task works for: in the context of every attempt. */
  public static final Key<String> REQUEST_ID = Key.printed("request id");

  private static final DateTimeFormatter REQUEST =
      DateTimeFormatter.ofPattern("'req-'yyyyMMdd-HHmmss", Locale.ROOT);

  private final Engine engine;
  private final String requestId;

  private TaskProcessor(Context parent, Settings settings, String requestId) {
    this.requestId = requestId;
    engine = new Engine(parent, settings);
  }

  /**
   * A processor with the default settings.
   *
   * @param parent whose end cancels every task; its values reach the tasks
   * @return to be closed
   */
  public static TaskProcessor in(Context parent) {
    return in(parent, UnaryOperator.identity());
  }

  /**
   * A processor with settings of its own: {@code in(ctx, s -> s.withWorkers(5))}.
   *
   * @param parent whose end cancels every task; its values reach the tasks
   * @param settings changes the defaults
   * @return to be closed
   */
  public static TaskProcessor in(Context parent, UnaryOperator<Settings> settings) {
    Objects.requireNonNull(parent, "a processor needs a context");
    Settings all = settings.apply(Settings.defaults());
    String requestId = parent.value(REQUEST_ID);
    if (requestId != null) return new TaskProcessor(parent, all, requestId);
    String made = REQUEST.format(all.time().instant().atZone(ZoneId.systemDefault()));
    return new TaskProcessor(parent.withValue(REQUEST_ID, made), all, made);
  }

  /**
   * The settings that the processor was made with.
   *
   * @return the settings
   */
  public Settings settings() {
    return engine.settings();
  }

  /**
   * The request id in the context of its tasks: that of the parent, or else one made from the clock
   * as {@code req-20251202-143022}.
   *
   * @return the id
   */
  public String requestId() {
    return requestId;
  }

  /**
   * Accepts a task.
   *
   * @param task what to do
   * @return the task, waiting or already running
   * @throws RefusedException if the id is taken, the kind is unknown or has other payloads, the
   *     timeout is too long, the parent is unknown or did not complete, the queue is full, or the
   *     processor is closing
   */
  public TaskRef submit(Task task) {
    return submitAll(List.of(task)).getFirst();
  }

  /**
   * Accepts all tasks or none. None of them starts before all are in the queue, so that the most
   * urgent really is first. A parent must come before its children.
   *
   * @param tasks what to do
   * @return the tasks, in the same order
   * @throws RefusedException for the first that is not acceptable, as {@link #submit}
   */
  public List<TaskRef> submitAll(List<Task> tasks) {
    return engine.submit(List.copyOf(tasks), null);
  }

  /**
   * A task that has not ended yet.
   *
   * @param id its id
   * @return empty if there is none, or it has ended
   */
  public Optional<TaskRef> find(String id) {
    return engine.find(Objects.requireNonNull(id, "a task is found by its id"));
  }

  /**
   * Refuses new tasks from now on, except those that running tasks fork, and waits until all tasks
   * have ended.
   *
   * @param deadline when to give up waiting; the tasks then go on
   * @return whether all have ended
   * @throws InterruptedException if this thread is interrupted first
   */
  public boolean drain(Deadline deadline) throws InterruptedException {
    return engine.drain(Objects.requireNonNull(deadline, "say how long to drain"));
  }

  /**
   * Cancels every task there is. New ones are accepted.
   *
   * @param cause see {@link TaskRef#cancel}; null for none
   */
  public void cancelAll(@Nullable Throwable cause) {
    engine.cancelAll(cause);
  }

  /**
   * What has been done so far.
   *
   * @return a snapshot
   */
  public Stats stats() {
    return engine.stats();
  }

  /**
   * Refuses new tasks, cancels those there are and waits until all have ended. A handler that does
   * not leave within the grace counts as stuck: its task then has ended, and this returns although
   * its thread goes on. An interrupt does not end the wait and stays set.
   */
  @Override
  public void close() {
    engine.close();
  }
}
