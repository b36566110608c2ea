package dev.lanyard.app.server;

import dev.lanyard.app.terminal.ProgramVersion;
import dev.lanyard.context.TimeSource;
import dev.lanyard.durable.Counts;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.Node;
import dev.lanyard.durable.SeriesPoint;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.tasks.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The figures of the whole store, not older than half a second: however many ask, the database is
 * asked once in that time.
 *
 * <p>1. {@code latest} is being taken by one thread, the one that put it there; others wait for it.
 * <br>
 * 2. One that failed, or is too old, is replaced by whoever sees that first.
 */
final class LiveStats {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final long FRESH_NANOS = 500_000_000;

  private final Database database;
  private final TaskStore store;
  private final String node;
  private final AtomicReference<@Nullable Taking> latest = new AtomicReference<>();

  private record Taking(long begun, CompletableFuture<Figures> figures) {}

  LiveStats(Database database, String node) {
    this.database = database;
    this.store = database.store();
    this.node = node;
  }

  /** What was counted at one time. */
  record Figures(
      Counts counts,
      boolean paused,
      @Nullable Duration oldestPending,
      List<Node> nodes,
      SeriesPoint minute,
      Instant now,
      String store,
      String node) {
    int running() {
      return nodes.stream().filter(Figures::lives).mapToInt(Node::running).sum();
    }

    int slots() {
      return nodes.stream().filter(Figures::lives).mapToInt(Node::slots).sum();
    }

    static boolean lives(Node node) {
      return node.status() != Node.Status.LOST;
    }

    /** Whether this node counts what happens to tasks that are on no node. */
    boolean isFirst() {
      String first = nodes.stream().filter(Figures::lives).map(Node::id).findFirst().orElse(node);
      return first.equals(node);
    }

    void write(JsonGenerator json) {
      json.writeObjectPropertyStart("states");
      for (State state : State.values()) {
        json.writeNumberProperty(state.toString(), counts.of(state));
      }
      json.writeEndObject();
      json.writeBooleanProperty("paused", paused);
      Json.milliseconds(json, "oldestPendingMs", oldestPending);
      json.writeNumberProperty("running", running());
      json.writeNumberProperty("slots", slots());
      json.writeObjectPropertyStart("throughput");
      json.writeNumberProperty("submitted", perSecond(minute.submitted()));
      json.writeNumberProperty("finished", perSecond(minute.finished()));
      json.writeEndObject();
      json.writeObjectPropertyStart("latency");
      Json.milliseconds(json, "p50Ms", minute.p50());
      Json.milliseconds(json, "p95Ms", minute.p95());
      Json.milliseconds(json, "p99Ms", minute.p99());
      json.writeEndObject();
      json.writeStringProperty("version", ProgramVersion.text());
      Json.moment(json, "now", now);
      json.writeStringProperty("store", store);
      json.writeStringProperty("node", node);
    }

    private static double perSecond(long inMinute) {
      return Math.round(inMinute / 0.6) / 100.0;
    }
  }

  /** Not older than half a second. */
  Figures recent() {
    Taking known = latest.get();
    if (known != null && isFresh(known)) return join(known);
    var own = new Taking(TimeSource.system().nanoTime(), new CompletableFuture<>());
    if (!latest.compareAndSet(known, own)) return recent(); // (2) somebody was faster
    try {
      own.figures.complete(take());
    } catch (RuntimeException failure) {
      own.figures.completeExceptionally(failure);
    }
    return join(own);
  }

  /** Seen after whatever this thread has done. */
  Figures now() {
    latest.set(null);
    return recent();
  }

  private static boolean isFresh(Taking taking) {
    return !taking.figures.isCompletedExceptionally()
        && TimeSource.system().nanoTime() - taking.begun < FRESH_NANOS;
  }

  private static Figures join(Taking taking) {
    try {
      return taking.figures.join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException known) throw known;
      throw failure;
    }
  }

  private Figures take() {
    Instant now = store.now();
    Duration oldest =
        store.oldestPending().map(due -> positive(Duration.between(due, now))).orElse(null);
    return new Figures(
        store.counts(),
        store.paused(),
        oldest,
        store.nodes(),
        store.series(MINUTE, 1).getLast(),
        now,
        database.engine().name().toLowerCase(Locale.ROOT),
        node);
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
