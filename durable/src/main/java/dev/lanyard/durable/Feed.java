package dev.lanyard.durable;

import dev.lanyard.context.Context;
import dev.lanyard.context.Registration;
import dev.lanyard.tasks.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who follow: listeners of events, and who waits for the end of a task. What commits in
 * this process is known at once; what others commit is found by looking, four times a second while
 * somebody follows.
 */
final class Feed {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final Duration LOOK_FOR_OTHERS = Duration.ofMillis(250);

  /** On a file there are no others; but a caller's own transaction commits unseen. */
  private static final Duration LOOK_ALONE = Duration.ofMillis(500);

  private final Queries queries;
  private final ServerClock clock;
  private final boolean file;
  private final List<Follower> followers = new CopyOnWriteArrayList<>();
  private final ConcurrentHashMap<String, CompletableFuture<Void>> waiters =
      new ConcurrentHashMap<>();
  private boolean looking;
  private volatile boolean closed;

  Feed(Queries queries, ServerClock clock, boolean file) {
    this.queries = queries;
    this.clock = clock;
    this.file = file;
  }

  Duration pause() {
    return file ? LOOK_ALONE : LOOK_FOR_OTHERS;
  }

  /** On the journal's thread. */
  void committed(Tx tx) {
    if (tx.hasEvents()) for (Follower each : followers) each.wake();
    if (waiters.isEmpty()) return;
    for (String id : tx.ended()) tellEnd(id);
  }

  /** Whoever waits goes on on a thread of its own: what he does next is none of ours. */
  private void tellEnd(String id) {
    CompletableFuture<Void> waiter = waiters.get(id);
    if (waiter != null) start(() -> waiter.complete(null));
  }

  private static void start(Runnable work) {
    Thread.ofVirtual().name("lanyard-feed").start(work);
  }

  // ---- Waiting for an end

  /** Completes when the task may have ended: to be looked at then. */
  CompletableFuture<Void> mayHaveEnded(String id) {
    CompletableFuture<Void> waiter =
        waiters.computeIfAbsent(
            id,
            _ -> {
              var made = new CompletableFuture<Void>();
              var _ = made.whenComplete((_, _) -> waiters.remove(id, made));
              return made;
            });
    startLooking();
    return waiter;
  }

  private synchronized void startLooking() {
    if (looking || closed) return;
    looking = true;
    start(this::look);
  }

  private void look() {
    while (true) {
      sleep(pause());
      List<String> ids = List.copyOf(waiters.keySet());
      synchronized (this) {
        if (closed || ids.isEmpty()) {
          looking = false;
          if (waiters.isEmpty() || closed) return;
          looking = true;
          continue;
        }
      }
      try {
        for (int i = 0; i < ids.size(); i += 500) {
          for (String id : queries.ended(ids.subList(i, Math.min(ids.size(), i + 500)))) {
            tellEnd(id);
          }
        }
      } catch (StoreException unreachable) {
        LOG.debug("Whether tasks have ended could not be read", unreachable);
      }
    }
  }

  static void sleep(Duration pause) {
    try {
      Context.background().sleep(pause);
    } catch (InterruptedException nobodyElsesBusiness) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- Events

  Registration listen(long after, Consumer<StoredEvent> listener) {
    var follower = new Follower(this, queries, clock, file, after, listener);
    followers.add(follower);
    if (closed) follower.stop();
    else start(follower);
    return follower;
  }

  void left(Follower follower) {
    followers.remove(follower);
  }

  /** A handler on a node of this process says how far it is. */
  void progressed(Run run, int percent, String node, Instant now) {
    if (followers.isEmpty()) return;
    Instant deadline = Instant.ofEpochMilli(run.deadlineMillis());
    StoredEvent event = progress(run.start.task(), percent, run.note, node, deadline, now);
    for (Follower each : followers) each.progressed(event);
  }

  /** {@code task} may be as it was at its start: what changes while it runs is given. */
  static StoredEvent progress(
      StoredTask task,
      int percent,
      @Nullable String note,
      @Nullable String node,
      @Nullable Instant deadline,
      Instant now) {
    return new StoredEvent(
        0,
        now,
        task.id(),
        StoredEvent.Type.PROGRESS,
        State.RUNNING,
        task.attempt(),
        node,
        note,
        task.name(),
        task.kind(),
        task.parent(),
        task.root(),
        task.priority(),
        percent,
        deadline,
        task.runAt(),
        task.trace().requestId());
  }

  void close() {
    closed = true;
    for (Follower each : followers) each.stop();
    for (CompletableFuture<Void> each : new ArrayList<>(waiters.values())) {
      each.completeExceptionally(new StoreException("the database was closed", null));
    }
  }
}
