package dev.lanyard.tasks;

import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * How a {@link TaskProcessor} works. Begin with {@link #defaults()}.
 *
 * @param workers how many tasks run at once
 * @param maxTimeout no task may take longer
 * @param maxQueued how many tasks may wait for a worker; beyond that, tasks are refused
 * @param grace how long a handler has to leave after its context has ended, before it counts as
 *     stuck
 * @param kinds by name
 * @param listener is told of every step of every task, see {@link TaskEvent}. It is called with no
 *     lock held, on the thread that made the step, for several tasks at once: it should be short.
 *     An exception that it throws goes to the thread's uncaught exception handler
 * @param random decides the waits before retries
 * @param time the clock: that of the context which the processor is made in
 * @since 0.1
 */
public record Settings(
    int workers,
    Duration maxTimeout,
    int maxQueued,
    Duration grace,
    Map<String, TaskKind<?>> kinds,
    Consumer<TaskEvent> listener,
    RandomGenerator random,
    TimeSource time) {
  private static final Settings DEFAULTS =
      new Settings(
          3,
          Task.DEFAULT_TIMEOUT,
          Integer.MAX_VALUE,
          Duration.ofSeconds(5),
          Map.of("sleep", Sleep.KIND, "exec", Exec.KIND, "http", Http.KIND),
          _ -> {},
          new SplittableRandom(),
          TimeSource.system());

  /**
   * Checks and copies the values.
   *
   * @throws IllegalArgumentException with a text for the operator, if something makes no sense
   */
  public Settings {
    Objects.requireNonNull(maxTimeout, "say how long a task may take at most");
    Objects.requireNonNull(grace, "say how long the grace is");
    kinds = Map.copyOf(Objects.requireNonNull(kinds, "there are no kinds of tasks"));
    Objects.requireNonNull(listener, "there is no listener");
    Objects.requireNonNull(random, "there is no source of random numbers");
    Objects.requireNonNull(time, "there is no clock");
    if (workers < 1) {
      throw new IllegalArgumentException(
          "there must be at least 1 worker, but there are " + workers);
    }
    if (!maxTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "the longest timeout must be more than zero, but is " + Wording.duration(maxTimeout));
    }
    if (maxQueued < 0) {
      throw new IllegalArgumentException(
          "the bound of the queue cannot be negative, but is " + maxQueued);
    }
    if (grace.isNegative()) {
      throw new IllegalArgumentException(
          "the grace cannot be negative, but is " + Wording.duration(grace));
    }
  }

  /**
   * Three workers, five seconds for a task at most, a queue without a bound, a grace of five
   * seconds, the built-in kinds, nobody who listens, the system's clock.
   *
   * @return the defaults
   */
  public static Settings defaults() {
    return DEFAULTS;
  }

  /**
   * These settings with another number of workers.
   *
   * @param workers at least 1
   * @return settings
   */
  public Settings withWorkers(int workers) {
    return new Settings(workers, maxTimeout, maxQueued, grace, kinds, listener, random, time);
  }

  /**
   * These settings with another bound for timeouts.
   *
   * @param maxTimeout more than zero
   * @return settings
   */
  public Settings withMaxTimeout(Duration maxTimeout) {
    return new Settings(workers, maxTimeout, maxQueued, grace, kinds, listener, random, time);
  }

  /**
   * These settings with a bound for the queue.
   *
   * @param maxQueued how many tasks may wait for a worker
   * @return settings
   */
  public Settings withMaxQueued(int maxQueued) {
    return new Settings(workers, maxTimeout, maxQueued, grace, kinds, listener, random, time);
  }

  /**
   * These settings with another grace.
   *
   * @param grace how long a handler has to leave after its context has ended
   * @return settings
   */
  public Settings withGrace(Duration grace) {
    return new Settings(workers, maxTimeout, maxQueued, grace, kinds, listener, random, time);
  }

  /**
   * These settings with one more kind; it replaces one of the same name.
   *
   * @param kind what else to accept
   * @return settings
   */
  public Settings withKind(TaskKind<?> kind) {
    Objects.requireNonNull(kind, "there is no kind to add");
    var more = new HashMap<String, TaskKind<?>>(kinds);
    more.put(kind.name(), kind);
    return new Settings(workers, maxTimeout, maxQueued, grace, more, listener, random, time);
  }

  /**
   * These settings with a listener.
   *
   * @param listener is told of every step of every task
   * @return settings
   */
  public Settings withListener(Consumer<TaskEvent> listener) {
    return new Settings(workers, maxTimeout, maxQueued, grace, kinds, listener, random, time);
  }

  /**
   * These settings with another source of random numbers.
   *
   * @param random decides the waits before retries; used by one thread at a time
   * @return settings
   */
  public Settings withRandom(RandomGenerator random) {
    return new Settings(workers, maxTimeout, maxQueued, grace, kinds, listener, random, time);
  }

  /**
   * These settings with another clock.
   *
   * @param time that of the context which the processor is made in
   * @return settings
   */
  public Settings withTime(TimeSource time) {
    return new Settings(workers, maxTimeout, maxQueued, grace, kinds, listener, random, time);
  }
}
