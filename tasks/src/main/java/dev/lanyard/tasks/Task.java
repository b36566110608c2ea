package dev.lanyard.tasks;

import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done: immutable, and the same however often it is submitted. Start with {@link
 * #of(String, TaskKind, Object)} and derive what differs from the defaults.
 *
 * {@snippet :
 * Task backup =
 *     Task.of("Nightly backup", Exec.KIND, Exec.shell("pg_dump shop > shop.sql"))
 *         .withPriority(1)
 *         .withTimeout(Duration.ofSeconds(3))
 *         .withRetry(Retry.attempts(3));
 * }
 *
 * @param id unique in a processor; up to 64 letters, digits and {@code . _ : -}
 * @param name for people
 * @param kind the name of the {@link TaskKind} that does it
 * @param payload what the handler of the kind needs; should be immutable
 * @param priority 1 is the most urgent
 * @param timeout how long the task may take, from the start of its first attempt to the end of its
 *     last one, the waits between them included
 * @param retry what to do when an attempt fails
 * @param parent the id of a task that this one belongs to: if that one does not complete, this one
 *     is cancelled; null for none
 * @param critical whether the handler may extend the deadline, see {@link Attempt#extend}
 * @since 0.1
 */
public record Task(
    String id,
    String name,
    String kind,
    Object payload,
    int priority,
    Duration timeout,
    Retry retry,
    @Nullable String parent,
    boolean critical) {

  /** The timeout of a task that does not say otherwise: five seconds. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  /** The priority of a task that does not say otherwise: the most urgent, 1. */
  public static final int DEFAULT_PRIORITY = 1;

  private static final int LONGEST_ID = 64;

  private static final AtomicLong LAST_ID = new AtomicLong();

  /**
   * Checks what can be checked without the processor.
   *
   * @throws IllegalArgumentException with a text for the author of the task, if something makes no
   *     sense
   */
  public Task {
    Objects.requireNonNull(id, "a task needs an id");
    Objects.requireNonNull(name, "a task needs a name");
    Objects.requireNonNull(kind, "a task needs a kind");
    Objects.requireNonNull(payload, "a task needs a payload");
    Objects.requireNonNull(timeout, "a task needs a timeout");
    Objects.requireNonNull(retry, "a task needs to know about retries; Retry.none() for none");
    checkId("id", id);
    if (parent != null) checkId("parent", parent);
    check(!name.isBlank(), name, "the name is empty");
    check(!kind.isBlank(), name, "the kind is empty");
    check(
        priority >= 1,
        name,
        "the priority must be 1 (most urgent) or a larger number, but is " + priority);
    check(
        timeout.isPositive(),
        name,
        "the timeout must be more than zero, but is " + Wording.duration(timeout));
    check(!id.equals(parent), name, "a task cannot be its own parent (" + id + ")");
  }

  /**
   * A task with a new id, the default priority and timeout, and no retries.
   *
   * @param name for people
   * @param kind who does it
   * @param payload what to do
   * @param <P> the type of the payload
   * @return the task
   */
  public static <P> Task of(String name, TaskKind<P> kind, P payload) {
    Objects.requireNonNull(kind, "a task needs a kind");
    return of(name, kind.name(), payload);
  }

  /**
   * As {@link #of(String, TaskKind, Object)}, for a kind that is known by its name only.
   *
   * @param name for people
   * @param kind the name of the kind
   * @param payload what to do
   * @return the task
   */
  public static Task of(String name, String kind, Object payload) {
    return new Task(
        newId(), name, kind, payload, DEFAULT_PRIORITY, DEFAULT_TIMEOUT, Retry.none(), null, false);
  }

  /**
   * This task with another id.
   *
   * @param id unique in a processor
   * @return a task
   */
  public Task withId(String id) {
    return new Task(id, name, kind, payload, priority, timeout, retry, parent, critical);
  }

  /**
   * This task with another priority.
   *
   * @param priority 1 is the most urgent
   * @return a task
   */
  public Task withPriority(int priority) {
    return new Task(id, name, kind, payload, priority, timeout, retry, parent, critical);
  }

  /**
   * This task with another timeout.
   *
   * @param timeout more than zero
   * @return a task
   */
  public Task withTimeout(Duration timeout) {
    return new Task(id, name, kind, payload, priority, timeout, retry, parent, critical);
  }

  /**
   * This task with retries.
   *
   * @param retry when and how often
   * @return a task
   */
  public Task withRetry(Retry retry) {
    return new Task(id, name, kind, payload, priority, timeout, retry, parent, critical);
  }

  /**
   * This task as the child of another one.
   *
   * @param parent the id of the parent; null for none
   * @return a task
   */
  public Task withParent(@Nullable String parent) {
    return new Task(id, name, kind, payload, priority, timeout, retry, parent, critical);
  }

  /**
   * This task with the right to extend its deadline, or without it.
   *
   * @param critical whether it has the right
   * @return a task
   */
  public Task withCritical(boolean critical) {
    return new Task(id, name, kind, payload, priority, timeout, retry, parent, critical);
  }

  /**
   * In the order in which they are made here, so that lists of equally urgent tasks show who is
   * next, and indexes grow at their end. Lower case only: some stores compare without regard to
   * case.
   */
  private static String newId() {
    long micros = TimeSource.system().instant().toEpochMilli() * 1_000;
    long moment = LAST_ID.updateAndGet(last -> Math.max(last + 1, micros));
    // The last five letters tell tasks of several machines apart.
    long letters = 60_466_176 + ThreadLocalRandom.current().nextLong(60_466_176);
    return "t" + Long.toString(moment, 36) + Long.toString(letters, 36).substring(1);
  }

  private static void checkId(String what, String id) {
    if (id.isEmpty() || id.length() > LONGEST_ID || !id.chars().allMatch(Task::mayStandInId)) {
      throw new IllegalArgumentException(
          "the "
              + what
              + " of a task is 1 to 64 letters, digits and any of . _ : - but this one is \""
              + id
              + '"');
    }
  }

  private static boolean mayStandInId(int letter) {
    return (letter >= 'a' && letter <= 'z')
        || (letter >= '0' && letter <= '9')
        || (letter >= 'A' && letter <= 'Z')
        || "._:-".indexOf(letter) >= 0;
  }

  private static void check(boolean condition, String name, String problem) {
    if (!condition) throw new IllegalArgumentException("task \"" + name + "\": " + problem);
  }
}
