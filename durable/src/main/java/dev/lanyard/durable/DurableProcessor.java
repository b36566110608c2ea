package dev.lanyard.durable;

import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.tasks.RefusedException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A node: takes tasks that are due from a {@link Database} and runs their handlers, at most so many
 * at once, the most urgent first. Any number of nodes may work on one PostgreSQL. The promise: each
 * accepted task is run at least once and has one end; a node that was given up cannot write one.
 * Handlers should be idempotent.
 *
 * @since 0.1
 */
@SuppressWarnings("DoNotCallSuggester")
public final class DurableProcessor implements AutoCloseable {
  private DurableProcessor() {}

  /**
   * Starts a node.
   *
   * @param parent its values reach the handlers; its end is a shutdown of this node, as {@link
   *     #close()}
   * @param database where the tasks are
   * @param settings changes the defaults: {@code s -> s.withWorkers(8)}
   * @return to be closed, before the database
   */
  public static DurableProcessor start(
      Context parent, Database database, UnaryOperator<DurableSettings> settings) {
    throw new UnsupportedOperationException();
  }

  /**
   * The tasks of the database.
   *
   * @return the same as the database's
   */
  public TaskStore store() {
    throw new UnsupportedOperationException();
  }

  /**
   * The id of this node: host, process and something random.
   *
   * @return up to 80 letters
   */
  public String nodeId() {
    throw new UnsupportedOperationException();
  }

  /**
   * The settings that the node was started with.
   *
   * @return the settings
   */
  public DurableSettings settings() {
    throw new UnsupportedOperationException();
  }

  /**
   * What this node has done so far.
   *
   * @return a snapshot
   */
  public NodeStats stats() {
    throw new UnsupportedOperationException();
  }

  /**
   * Refuses what no node like this one could run: {@link TaskStore} takes any.
   *
   * @param submission to be checked
   * @throws RefusedException UNKNOWN_KIND, WRONG_PAYLOAD, TIMEOUT_TOO_LONG
   */
  public void check(Submission submission) {
    throw new UnsupportedOperationException();
  }

  /**
   * Checks and submits a task; any node may run it.
   *
   * @param submission what to do
   * @return the task, waiting
   * @throws RefusedException as {@link #check} and {@link TaskStore#submit(Submission)}
   */
  public StoredTask submit(Submission submission) {
    return submitAll(List.of(submission)).getFirst();
  }

  /**
   * Checks and submits tasks, all or none; any node may run them.
   *
   * @param submissions what to do
   * @return the tasks, in the same order
   * @throws RefusedException as {@link #check} and {@link TaskStore#submitAll}
   */
  public List<StoredTask> submitAll(List<Submission> submissions) {
    for (Submission submission : submissions) check(submission);
    return store().submitAll(submissions);
  }

  /**
   * Takes no more tasks, and waits until those that run here have ended. The node then is idle, and
   * stays so until it is closed.
   *
   * @param deadline when to give up waiting; the tasks then go on
   * @return whether all have ended
   * @throws InterruptedException if this thread is interrupted first
   */
  public boolean drain(Deadline deadline) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  /**
   * Takes no more tasks, ends the contexts of those that run here with {@link
   * ShuttingDownException}, waits for their handlers as long as the grace, and puts the tasks back
   * into the queue; the attempts do not count. Handlers that have not left by then find that
   * nothing they do counts. An interrupt does not end the wait and stays set.
   */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
