package dev.lanyard.durable;

import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.tasks.Exec;
import dev.lanyard.tasks.Http;
import dev.lanyard.tasks.Sleep;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskEvent;
import dev.lanyard.tasks.TaskKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link DurableProcessor} works. Begin with {@link #defaults()}.
 *
 * @param workers how many tasks this node runs at once
 * @param limits how many of a kind at once, by its name, on this node; a kind that is not named
 *     here may have all workers
 * @param maxTimeout no task runs longer here, whatever its own timeout, unless its deadline is
 *     extended
 * @param grace how long a handler has to leave after its context has ended, before its thread is
 *     interrupted once more and its shutdown is no longer waited for
 * @param patience how long after the grace, before it counts as stuck: then its task ends for
 *     everybody else, and its worker is free when it leaves
 * @param heartbeat how often this node says that it still has the tasks it runs
 * @param missedHeartbeats after so many without one, another node takes them; at least 4
 * @param poll how often to look for tasks that are due and that nobody told of
 * @param signalPoll how often to look whether tasks that run here were cancelled, given more time,
 *     or taken away
 * @param keepCompleted how long tasks are kept that completed or were cancelled; null for ever
 * @param keepFailed how long tasks are kept that failed or timed out; null for ever
 * @param listen whether to wait for PostgreSQL's notifications, which only hurry; not possible
 *     behind pgbouncer with pooled transactions
 * @param kinds by name: only tasks of these are taken
 * @param listener is told of the steps of the tasks that run here, see {@link TaskEvent}: from
 *     {@code Started} on, and not {@code Queued}. It is called with no lock held; what it throws is
 *     logged
 * @param context makes the context of a task's attempts from that of the processor: puts the trace
 *     where other libraries look for it
 * @param random decides the waits before retries
 * @param time the clock: that of the context which the processor is started in
 * @since 0.1
 */
public record DurableSettings(
    int workers,
    Map<String, Integer> limits,
    Duration maxTimeout,
    Duration grace,
    Duration patience,
    Duration heartbeat,
    int missedHeartbeats,
    Duration poll,
    Duration signalPoll,
    @Nullable Duration keepCompleted,
    @Nullable Duration keepFailed,
    boolean listen,
    Map<String, TaskKind<?>> kinds,
    Consumer<TaskEvent> listener,
    BiFunction<Context, Trace, Context> context,
    RandomGenerator random,
    TimeSource time) {
  private static final DurableSettings DEFAULTS =
      new DurableSettings(
          3,
          Map.of(),
          Task.DEFAULT_TIMEOUT,
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          4,
          Duration.ofMillis(200),
          Duration.ofMillis(250),
          Duration.ofHours(24),
          Duration.ofDays(7),
          true,
          Map.of("sleep", Sleep.KIND, "exec", Exec.KIND, "http", Http.KIND),
          _ -> {},
          (context, _) -> context,
          new SplittableRandom(),
          TimeSource.system());

  /**
   * Checks and copies the values.
   *
   * @throws IllegalArgumentException with a text for the operator, if something makes no sense
   */
  public DurableSettings {
    limits = Map.copyOf(Objects.requireNonNull(limits, "there are no limits of kinds"));
    kinds = Map.copyOf(Objects.requireNonNull(kinds, "there are no kinds of tasks"));
    Objects.requireNonNull(listener, "there is no listener");
    Objects.requireNonNull(context, "there is nothing that makes contexts");
    Objects.requireNonNull(random, "there is no source of random numbers");
    Objects.requireNonNull(time, "there is no clock");
    if (workers < 1) {
      throw new IllegalArgumentException(
          "there must be at least 1 worker, but there are " + workers);
    }
    limits.forEach((kind, limit) -> {
      if (limit < 1) {
        throw new IllegalArgumentException(
            "the limit of kind \"" + kind + "\" must be at least 1, but is " + limit);
      }
    });
    if (missedHeartbeats < 4) {
      throw new IllegalArgumentException(
          "a node is given up after 4 missed heartbeats or more, not after " + missedHeartbeats);
    }
    positive(maxTimeout, "the longest timeout");
    positive(heartbeat, "the time between heartbeats");
    positive(poll, "the time between looks for due tasks");
    positive(signalPoll, "the time between looks for signals");
    if (keepCompleted != null) positive(keepCompleted, "how long completed tasks are kept");
    if (keepFailed != null) positive(keepFailed, "how long failed tasks are kept");
    notNegative(grace, "the grace");
    notNegative(patience, "the patience");
  }

  private static void positive(Duration duration, String what) {
    Objects.requireNonNull(duration, what + " is missing");
    if (duration.toMillis() < 1) {
      throw new IllegalArgumentException(what + " must be 1 ms or more, but is " + duration);
    }
  }

  private static void notNegative(Duration duration, String what) {
    Objects.requireNonNull(duration, what + " is missing");
    if (duration.isNegative()) {
      throw new IllegalArgumentException(what + " cannot be negative, but is " + duration);
    }
  }

  /**
   * Three workers, five seconds for a task at most, a grace of one second and a patience of five
   * more, heartbeats each half second, four of which may be missed, the built-in kinds, completed
   * and cancelled tasks kept for a day, failed and timed-out ones for a week.
   *
   * @return the defaults
   */
  public static DurableSettings defaults() {
    return DEFAULTS;
  }

  /**
   * These settings with another number of workers.
   *
   * @param workers at least 1
   * @return settings
   */
  public DurableSettings withWorkers(int workers) {
    return with(draft -> draft.workers = workers);
  }

  /**
   * These settings with another bound for timeouts.
   *
   * @param maxTimeout more than zero
   * @return settings
   */
  public DurableSettings withMaxTimeout(Duration maxTimeout) {
    return with(draft -> draft.maxTimeout = maxTimeout);
  }

  /**
   * These settings with another grace.
   *
   * @param grace how long a handler has to leave
   * @return settings
   */
  public DurableSettings withGrace(Duration grace) {
    return with(draft -> draft.grace = grace);
  }

  /**
   * These settings with another patience.
   *
   * @param patience how long after the grace
   * @return settings
   */
  public DurableSettings withPatience(Duration patience) {
    return with(draft -> draft.patience = patience);
  }

  /**
   * These settings with another time between looks for due tasks.
   *
   * @param poll at least 1 ms
   * @return settings
   */
  public DurableSettings withPoll(Duration poll) {
    return with(draft -> draft.poll = poll);
  }

  /**
   * These settings with another time between looks for signals.
   *
   * @param signalPoll at least 1 ms
   * @return settings
   */
  public DurableSettings withSignalPoll(Duration signalPoll) {
    return with(draft -> draft.signalPoll = signalPoll);
  }

  /**
   * These settings with or without notifications of PostgreSQL.
   *
   * @param listen false behind pgbouncer
   * @return settings
   */
  public DurableSettings withListen(boolean listen) {
    return with(draft -> draft.listen = listen);
  }

  /**
   * These settings with a listener.
   *
   * @param listener is told of the steps of the tasks that run here
   * @return settings
   */
  public DurableSettings withListener(Consumer<TaskEvent> listener) {
    return with(draft -> draft.listener = listener);
  }

  /**
   * These settings with contexts made in another way.
   *
   * @param context puts the trace where other libraries look for it
   * @return settings
   */
  public DurableSettings withContext(BiFunction<Context, Trace, Context> context) {
    return with(draft -> draft.context = context);
  }

  /**
   * These settings with another source of random numbers.
   *
   * @param random decides the waits before retries
   * @return settings
   */
  public DurableSettings withRandom(RandomGenerator random) {
    return with(draft -> draft.random = random);
  }

  /**
   * These settings with another clock.
   *
   * @param time that of the context which the processor is started in
   * @return settings
   */
  public DurableSettings withTime(TimeSource time) {
    return with(draft -> draft.time = time);
  }

  /**
   * These settings with other heartbeats.
   *
   * @param heartbeat how often
   * @param missedHeartbeats how many may be missed, at least 4
   * @return settings
   */
  public DurableSettings withHeartbeat(Duration heartbeat, int missedHeartbeats) {
    return with(draft -> {
      draft.heartbeat = heartbeat;
      draft.missedHeartbeats = missedHeartbeats;
    });
  }

  /**
   * These settings with other times for which tasks are kept after their end.
   *
   * @param keepCompleted for those that completed or were cancelled; null for ever
   * @param keepFailed for those that failed or timed out; null for ever
   * @return settings
   */
  public DurableSettings withRetention(
      @Nullable Duration keepCompleted, @Nullable Duration keepFailed) {
    return with(draft -> {
      draft.keepCompleted = keepCompleted;
      draft.keepFailed = keepFailed;
    });
  }

  /**
   * These settings with a limit for a kind.
   *
   * @param kind its name
   * @param limit how many of it at once on this node, at least 1
   * @return settings
   */
  public DurableSettings withLimit(String kind, int limit) {
    var more = new HashMap<String, Integer>(limits);
    more.put(kind, limit);
    return with(draft -> draft.limits = more);
  }

  /**
   * These settings with one more kind; it replaces one of the same name.
   *
   * @param kind what else to take
   * @return settings
   */
  public DurableSettings withKind(TaskKind<?> kind) {
    Objects.requireNonNull(kind, "there is no kind to add");
    var more = new HashMap<String, TaskKind<?>>(kinds);
    more.put(kind.name(), kind);
    return with(draft -> draft.kinds = more);
  }

  /**
   * These settings with no kinds but those given.
   *
   * @param kinds what to take
   * @return settings
   */
  public DurableSettings withOnlyKinds(TaskKind<?>... kinds) {
    var only = new HashMap<String, TaskKind<?>>();
    for (TaskKind<?> kind : kinds) only.put(kind.name(), kind);
    return with(draft -> draft.kinds = only);
  }

  /** After so long without a heartbeat, tasks are taken from a node. */
  Duration lease() {
    return heartbeat.multipliedBy(missedHeartbeats);
  }

  private DurableSettings with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.settings();
  }

  /** These settings while one of them is being changed. */
  private static final class Draft {
    int workers;
    Map<String, Integer> limits;
    Duration maxTimeout;
    Duration grace;
    Duration patience;
    Duration heartbeat;
    int missedHeartbeats;
    Duration poll;
    Duration signalPoll;
    @Nullable Duration keepCompleted;
    @Nullable Duration keepFailed;
    boolean listen;
    Map<String, TaskKind<?>> kinds;
    Consumer<TaskEvent> listener;
    BiFunction<Context, Trace, Context> context;
    RandomGenerator random;
    TimeSource time;

    Draft(DurableSettings settings) {
      workers = settings.workers;
      limits = settings.limits;
      maxTimeout = settings.maxTimeout;
      grace = settings.grace;
      patience = settings.patience;
      heartbeat = settings.heartbeat;
      missedHeartbeats = settings.missedHeartbeats;
      poll = settings.poll;
      signalPoll = settings.signalPoll;
      keepCompleted = settings.keepCompleted;
      keepFailed = settings.keepFailed;
      listen = settings.listen;
      kinds = settings.kinds;
      listener = settings.listener;
      context = settings.context;
      random = settings.random;
      time = settings.time;
    }

    DurableSettings settings() {
      return new DurableSettings(
          workers,
          limits,
          maxTimeout,
          grace,
          patience,
          heartbeat,
          missedHeartbeats,
          poll,
          signalPoll,
          keepCompleted,
          keepFailed,
          listen,
          kinds,
          listener,
          context,
          random,
          time);
    }
  }
}
