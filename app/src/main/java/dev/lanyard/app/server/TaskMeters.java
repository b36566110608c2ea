package dev.lanyard.app.server;

import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.StoredEvent;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.tasks.State;
import dev.lanyard.vertx.CompletedRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The figures of this node, and of the store, for Prometheus. What happens to a task counts on the
 * node that it ran on; what happens to one on no node counts on the {@linkplain
 * LiveStats.Figures#isFirst() first}, so that sums over all nodes are right. What is of the store
 * ({@code task_queue_*}) is the same on all.
 */
final class TaskMeters {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
    Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1),
    Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30),
    Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(30)
  };

  private static final String WAITED = "from due to started";

  private final MeterRegistry registry;
  private final WaitTimes waits = new WaitTimes();
  private final Counter databaseErrors;
  private final Timer signals;
  private volatile LiveStats.@Nullable Figures figures;

  /** By the last figures that there were: before any, nobody counts twice. */
  private volatile boolean isFirst;

  TaskMeters(MeterRegistry registry) {
    this.registry = registry;
    for (State state : State.values()) {
      if (state.isTerminal()) continue;
      Gauge.builder("task.queue.depth", () -> figure(all -> all.counts().of(state)))
          .description("tasks of the store in a state")
          .tag("state", state.toString())
          .register(registry);
    }
    Gauge.builder("task.queue.oldest", () -> figure(TaskMeters::oldestSeconds))
        .description("how long the task has been due that has waited longest")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("task.queue.paused", () -> figure(all -> all.paused() ? 1 : 0))
        .description("1 while no node takes tasks")
        .register(registry);
    databaseErrors =
        Counter.builder("task.db.errors")
            .description("requests that the database failed")
            .register(registry);
    signals =
        Timer.builder("task.signal.latency")
            .description("from the request to cancel to the end of the context")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
  }

  private static double oldestSeconds(LiveStats.Figures figures) {
    Duration oldest = figures.oldestPending();
    return oldest == null ? 0 : oldest.toMillis() / 1e3;
  }

  private double figure(ToDoubleFunction<LiveStats.Figures> what) {
    LiveStats.Figures known = figures;
    return known == null ? Double.NaN : what.applyAsDouble(known);
  }

  /** Gauges show these from now on; null if the database does not answer. */
  void figures(LiveStats.@Nullable Figures latest) {
    figures = latest;
    if (latest != null) isFirst = latest.isFirst();
  }

  void watch(DurableProcessor processor, EventFeed feed) {
    gauge("tasks.running", "tasks that run on this node", processor, p -> p.stats().running());
    gauge("task.slots", "tasks that may run here at once", processor, p -> p.stats().slots());
    gauge("task.feed.readers", "readers of events", feed, EventFeed::readers);
    counter("task.leases.lost", "attempts taken away", processor, p -> p.stats().leasesLost());
    counter("task.stuck", "handlers that did not leave", processor, p -> p.stats().stuck());
  }

  private <T> void gauge(String name, String description, T watched, ToDoubleFunction<T> value) {
    Gauge.builder(name, watched, value)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private <T> void counter(String name, String description, T watched, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, watched, value).description(description).register(registry);
  }

  void submitted(Iterable<StoredTask> tasks) {
    for (StoredTask task : tasks) count("tasks.submitted", "kind", task.kind());
  }

  void databaseFailed() {
    databaseErrors.increment();
  }

  /** Of all nodes. */
  void happened(StoredEvent event, String self) {
    Duration waited = waits.happened(event);
    String node = event.node();
    boolean ours = node == null ? isFirst : node.equals(self);
    if (!ours) return;
    switch (event.type()) {
      case STARTED -> {
        if (waited != null) timer("task.wait", WAITED, event.kind()).record(waited);
      }
      case RETRYING -> count("task.retries", "kind", event.kind());
      case COMPLETED, FAILED -> finished(event);
      case TIMED_OUT -> {
        finished(event);
        count("task.timeouts", "kind", event.kind());
      }
      case CANCELLED -> {
        finished(event);
        count("task.cancellations", "cause", cause(event.text()));
      }
      default -> {}
    }
  }

  private void finished(StoredEvent event) {
    Counter.builder("tasks.finished")
        .tag("kind", event.kind())
        .tag("state", event.state().toString())
        .register(registry)
        .increment();
  }

  /** People write causes: a few classes of them, not a series for each text. */
  private static String cause(@Nullable String text) {
    if (text == null) return "none";
    if (text.startsWith(BoundTasks.LEFT)) return "client_left";
    return text.contains("parent") ? "parent" : "requested";
  }

  private void count(String name, String tag, String value) {
    registry.counter(name, tag, value).increment();
  }

  /** How long an attempt took. */
  Timer runTimer(String kind) {
    return timer("task.run", "how long attempts take", kind);
  }

  /** A request to cancel has reached the node that runs the task. */
  void signalled(Duration underWay) {
    signals.record(underWay);
  }

  private Timer timer(String name, String description, String kind) {
    return Timer.builder(name)
        .description(description)
        .tag("kind", kind)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /** On the event loop. */
  void request(CompletedRequest request) {
    String route = request.route();
    Timer.builder("http.requests")
        .description("from the head of a request to its end")
        .tag("method", request.method().matches("GET|POST|HEAD") ? request.method() : "other")
        .tag("route", route == null ? "none" : route)
        .tag("status", request.status() / 100 + "xx")
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(request.duration());
  }
}
