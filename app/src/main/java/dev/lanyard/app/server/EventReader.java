package dev.lanyard.app.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.context.Context;
import dev.lanyard.durable.StoredEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one reader of events has not read yet. It has room for so many; what comes when it is full
 * is counted and dropped, and the reader is told: nobody waits for a slow one.
 *
 * <p>1. {@code waiting} never has more than {@code ROOM} events; of {@code progress}, a task has
 * one. <br>
 * 2. {@code something} is completed after anything was put here that may be taken, and replaced
 * when all of that was taken. <br>
 * 3. It is completed without the lock: who waits for it goes on in that very call. <br>
 * 4. Progress is held here until a {@link #beat}, and forgotten when its task takes a turn. Both
 * are put here by the one thread that events come on: what is taken of a task is in its order.
 */
final class EventReader implements AutoCloseable {
  static final int ROOM = 4096;

  private final Predicate<StoredEvent> wanted;
  private final Consumer<EventReader> onClose;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final ArrayDeque<Told> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private final Map<String, Progress> progress = new LinkedHashMap<>();

  /** Whether progress may be taken. */
  @GuardedBy("lock")
  private boolean progressIsDue;

  @GuardedBy("lock")
  private @Nullable Told stats;

  @GuardedBy("lock")
  private long dropped;

  @GuardedBy("lock")
  private CompletableFuture<Void> something = new CompletableFuture<>();

  EventReader(Predicate<StoredEvent> wanted, Consumer<EventReader> onClose) {
    this.wanted = wanted;
    this.onClose = onClose;
  }

  /**
   * An event as readers get it.
   *
   * @param id 0 for none
   */
  record Told(long id, String name, String data) {
    static Told of(StoredEvent event) {
      boolean kept = event.type() != StoredEvent.Type.PROGRESS;
      String data = Json.object(json -> TaskJson.event(json, event));
      return new Told(event.id(), kept ? "task" : "progress", data);
    }
  }

  /** The progress of a task, made text once for all readers, and only if it is the last. */
  static final class Progress {
    private final StoredEvent event;
    private volatile @Nullable Told told;

    Progress(StoredEvent event) {
      this.event = event;
    }

    Told told() {
      Told known = told;
      if (known == null) told = known = Told.of(event);
      return known;
    }
  }

  boolean wants(StoredEvent event) {
    return wanted.test(event);
  }

  void tell(Told event) {
    CompletableFuture<Void> told;
    lock.lock();
    try {
      if (waiting.size() < ROOM) waiting.add(event);
      else dropped++;
      told = something;
    } finally {
      lock.unlock();
    }
    told.complete(null); // (3)
  }

  /** Forgets the progress of this task: it would come after what comes now. */
  void turned(String task) {
    lock.lock();
    try {
      progress.remove(task); // (4)
    } finally {
      lock.unlock();
    }
  }

  /** Takes the place of what was said of this task before. */
  void hold(Progress latest) {
    String task = latest.event.task();
    lock.lock();
    try {
      if (progress.size() < ROOM || progress.containsKey(task)) progress.put(task, latest);
    } finally {
      lock.unlock();
    }
  }

  /** What is held of progress may be taken from now on. */
  void beat() {
    CompletableFuture<Void> told;
    lock.lock();
    try {
      if (progress.isEmpty()) return;
      progressIsDue = true;
      told = something;
    } finally {
      lock.unlock();
    }
    told.complete(null); // (3)
  }

  /** Takes the place of the figures before. */
  void tellStats(Told figures) {
    CompletableFuture<Void> told;
    lock.lock();
    try {
      stats = figures;
      told = something;
    } finally {
      lock.unlock();
    }
    told.complete(null); // (3)
  }

  /** Waits until there is something, and takes all of it. */
  List<Told> take(Context ctx) throws InterruptedException {
    while (true) {
      CompletableFuture<Void> awaited;
      lock.lock();
      try {
        List<Told> taken = takeAll();
        if (!taken.isEmpty()) return taken;
        if (something.isDone()) something = new CompletableFuture<>(); // (2)
        awaited = something;
      } finally {
        lock.unlock();
      }
      ctx.await(awaited);
    }
  }

  @GuardedBy("lock")
  private List<Told> takeAll() {
    List<Told> taken = new ArrayList<>(waiting);
    waiting.clear();
    long missed = dropped;
    dropped = 0;
    if (missed > 0) {
      String data = Json.object(json -> json.writeNumberProperty("count", missed));
      taken.add(new Told(0, "dropped", data));
    }
    if (progressIsDue) {
      for (Progress latest : progress.values()) taken.add(latest.told());
      progress.clear();
      progressIsDue = false;
    }
    if (stats != null) taken.add(stats);
    stats = null;
    return taken;
  }

  @Override
  public void close() {
    onClose.accept(this);
  }
}
