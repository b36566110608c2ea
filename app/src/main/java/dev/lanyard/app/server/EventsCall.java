package dev.lanyard.app.server;

import dev.lanyard.context.Context;
import dev.lanyard.durable.StoredEvent;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.tasks.State;
import dev.lanyard.vertx.EventStream;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/events}: what happens, as it happens. A reader that was here before first gets
 * what it missed: it is subscribed before that is looked up, so that nothing falls in between, and
 * what comes both ways is sent once.
 */
final class EventsCall implements Handler<RoutingContext> {
  private static final Set<String> PARAMETERS =
      Set.of("task", "root", "request", "state", "kind", "after");
  private static final Duration RECONNECT = Duration.ofSeconds(1);
  private static final int PIECE = 500;

  /** Who missed more is better off reading its lists again. */
  private static final long MOST_MISSED = 5_000;

  private final EventFeed feed;
  private final TaskStore store;

  EventsCall(Plant plant) {
    this.feed = plant.feed();
    this.store = plant.store();
  }

  @Override
  public void handle(RoutingContext routing) {
    Query query = new Query(routing.queryParams()).only(PARAMETERS);
    Long after = query.bigNumber("after");
    Predicate<StoredEvent> wanted = wanted(query);
    try {
      query.check();
    } catch (Problem problem) {
      problem.send(routing);
      return;
    }
    EventStream.on((ctx, stream) -> follow(ctx, stream, wanted, after)).handle(routing);
  }

  private static Predicate<StoredEvent> wanted(Query query) {
    String task = query.text("task");
    String root = query.text("root");
    String request = query.text("request");
    String kind = query.text("kind");
    Set<State> states = EnumSet.noneOf(State.class);
    states.addAll(query.constants("state", State.values()));
    return event ->
        (task == null || task.equals(event.task()))
            && (root == null || root.equals(event.root()))
            && (request == null || request.equals(event.requestId()))
            && (kind == null || kind.equals(event.kind()))
            && (states.isEmpty() || states.contains(event.state()));
  }

  private void follow(
      Context ctx, EventStream stream, Predicate<StoredEvent> wanted, @Nullable Long after)
      throws IOException, InterruptedException {
    // Subscribed before the first byte: whoever reads its lists after that byte misses nothing.
    try (EventReader reader = feed.subscribe(wanted)) {
      stream.retryAfter(RECONNECT);
      Set<Long> sent = catchUp(ctx, stream, wanted, known(stream, after));
      while (true) {
        for (EventReader.Told told : reader.take(ctx)) {
          if (told.id() == 0 || !sent.remove(told.id())) send(stream, told);
        }
      }
    }
  }

  /** What the client says it saw last; negative if nobody can have seen that. */
  private static @Nullable Long known(EventStream stream, @Nullable Long after) {
    String last = stream.lastEventId();
    if (last == null || last.isEmpty()) return after;
    return last.matches("\\d{1,18}") ? Long.valueOf(last) : Long.valueOf(-1);
  }

  private Set<Long> catchUp(
      Context ctx, EventStream stream, Predicate<StoredEvent> wanted, @Nullable Long after)
      throws IOException {
    Set<Long> sent = new HashSet<>();
    if (after == null) return sent;
    long last = store.lastEvent();
    if (after < Math.max(0, store.firstEvent() - 1) || after > last || last - after > MOST_MISSED) {
      stream.send(Long.toString(last), "reset", "{}");
      return sent;
    }
    for (long at = after; ; ) {
      ctx.throwIfDone();
      List<StoredEvent> piece = store.eventsAfter(at, PIECE);
      for (StoredEvent event : piece) {
        if (!wanted.test(event)) continue;
        send(stream, EventReader.Told.of(event));
        sent.add(event.id());
      }
      if (piece.size() < PIECE) return sent;
      at = piece.getLast().id();
    }
  }

  private static void send(EventStream stream, EventReader.Told told) throws IOException {
    stream.send(told.id() == 0 ? null : Long.toString(told.id()), told.name(), told.data());
  }
}
