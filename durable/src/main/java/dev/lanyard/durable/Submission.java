package dev.lanyard.durable;

import dev.lanyard.tasks.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task on its way into a {@link TaskStore}, with what only a store can do. Begin with {@link
 * #of}.
 *
 * {@snippet :
 * store.submit(
 *     Submission.of(Task.of("Invoice 4711", "invoice", new Invoice(4711)))
 *         .at(tomorrow)
 *         .unique("invoice-4711")
 *         .in(Trace.of(ctx)));
 * }
 *
 * @param task what to do; the payload is stored as JSON, by Jackson
 * @param at not to be started before; null for now
 * @param uniqueKey while a task with this key has not ended, no other one with it is accepted; up
 *     to 200 letters; null for none
 * @param trace which request it works for
 * @param longest how long a critical task may take at most, all extensions of its deadline
 *     included; null for ten times its timeout
 * @since 0.1
 */
public record Submission(
    Task task,
    @Nullable Instant at,
    @Nullable String uniqueKey,
    Trace trace,
    @Nullable Duration longest) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException with a text for the author of the task, if something makes no
   *     sense
   */
  public Submission {
    Objects.requireNonNull(task, "there is no task to submit");
    Objects.requireNonNull(trace, "say which trace the task belongs to; Trace.none() for none");
    check(task, task.name().length() <= 200, "the name has more than 200 letters");
    check(task, task.kind().length() <= 100, "the name of the kind has more than 100 letters");
    check(task, task.priority() <= Short.MAX_VALUE, "the priority is beyond " + Short.MAX_VALUE);
    check(
        task,
        uniqueKey == null || (!uniqueKey.isEmpty() && uniqueKey.length() <= 200),
        "the unique key must have 1 to 200 letters");
    check(
        task,
        longest == null || longest.compareTo(task.timeout()) >= 0,
        "the longest time it may take is shorter than its timeout");
  }

  private static void check(Task task, boolean condition, String problem) {
    if (!condition) throw new IllegalArgumentException("task \"" + task.name() + "\": " + problem);
  }

  /**
   * Now, without a key, without a trace.
   *
   * @param task what to do
   * @return a submission
   */
  public static Submission of(Task task) {
    return new Submission(task, null, null, Trace.none(), null);
  }

  /**
   * The same, not before a moment.
   *
   * @param at when it is due; null for now
   * @return a submission
   */
  public Submission at(@Nullable Instant at) {
    return new Submission(task, at, uniqueKey, trace, longest);
  }

  /**
   * The same with a unique key.
   *
   * @param uniqueKey null for none
   * @return a submission
   */
  public Submission unique(@Nullable String uniqueKey) {
    return new Submission(task, at, uniqueKey, trace, longest);
  }

  /**
   * The same, as part of a trace.
   *
   * @param trace which
   * @return a submission
   */
  public Submission in(Trace trace) {
    return new Submission(task, at, uniqueKey, trace, longest);
  }

  /**
   * The same with another bound for extensions.
   *
   * @param longest not shorter than the timeout; null for ten times the timeout
   * @return a submission
   */
  public Submission longest(@Nullable Duration longest) {
    return new Submission(task, at, uniqueKey, trace, longest);
  }
}
