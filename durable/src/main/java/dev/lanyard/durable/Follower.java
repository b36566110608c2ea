package dev.lanyard.durable;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads events for one listener, on a thread of its own.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>Every event with an id above the first is told once, if it commits within a minute after
 *       one with a greater id: ids are given before the commit, and a server commits several
 *       transactions at once.
 *   <li>A hole in the ids is waited for a second, in which the order holds; then it is left behind
 *       and looked at again and again for a minute. Most holes are transactions that were rolled
 *       back.
 *   <li>The database is read and the listener is called with no lock held.
 * </ol>
 */
final class Follower implements Runnable, Registration {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final int PAGE = 500;
  private static final int MOST_PROGRESS = 10_000;
  private static final long ORDERED_MILLIS = 1_000;
  private static final long PATIENCE_MILLIS = 60_000;

  private final Feed feed;
  private final Queries queries;
  private final ServerClock clock;
  private final boolean file;
  private final Consumer<StoredEvent> listener;

  /** Of this thread: the last id that was told or left behind, and what was left behind when. */
  private long last;

  private final Holes holes = new Holes();
  private final Map<String, Integer> told = new HashMap<>();
  private long progressSeen;

  @GuardedBy("this")
  private final ArrayDeque<StoredEvent> progress = new ArrayDeque<>();

  @GuardedBy("this")
  private boolean woken;

  @GuardedBy("this")
  private boolean stopped;

  Follower(
      Feed feed,
      Queries queries,
      ServerClock clock,
      boolean file,
      long after,
      Consumer<StoredEvent> listener) {
    this.feed = feed;
    this.queries = queries;
    this.clock = clock;
    this.file = file;
    this.listener = listener;
    last = after;
    progressSeen = clock.millis();
  }

  synchronized void wake() {
    woken = true;
    notifyAll();
  }

  synchronized void progressed(StoredEvent event) {
    if (progress.size() >= MOST_PROGRESS) return;
    progress.add(event);
    wake();
  }

  @Override
  public synchronized boolean stop() {
    boolean first = !stopped;
    stopped = true;
    wake();
    feed.left(this);
    return first;
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  @Override
  public void run() {
    long lookedForOthers = 0;
    while (!isStopped()) {
      boolean more = false;
      try {
        tellProgress();
        more = tellEvents();
        if (!holes.isEmpty()) tellHoles();
        if (!file && clock.millis() - lookedForOthers >= 1_000) {
          lookedForOthers = clock.millis();
          tellProgressOfOthers();
        }
      } catch (StoreException unreachable) {
        LOG.debug("Events could not be read", unreachable);
      }
      if (!more) await();
    }
  }

  private synchronized void await() {
    long end = TimeSource.system().nanoTime() + feed.pause().toNanos();
    try {
      while (!woken && !stopped) {
        long left = (end - TimeSource.system().nanoTime()) / 1_000_000;
        if (left <= 0) break;
        wait(left);
      }
    } catch (InterruptedException interrupted) {
      stopped = true;
    }
    woken = false;
  }

  /** Whether there may be more at once. */
  private boolean tellEvents() {
    List<StoredEvent> page = queries.eventsAfter(last, PAGE);
    for (StoredEvent event : page) {
      if (event.id() > last + 1 && !file) {
        long age = clock.millis() - event.at().toEpochMilli();
        if (age < ORDERED_MILLIS) {
          Feed.sleep(Duration.ofMillis(20));
          return true;
        }
        if (age <= PATIENCE_MILLIS) {
          holes.add(last + 1, event.id() - 1, clock.millis() + PATIENCE_MILLIS);
        }
      }
      last = event.id();
      tell(event);
      if (isStopped()) return false;
    }
    return page.size() == PAGE;
  }

  private void tellHoles() {
    for (Holes.Hole hole : holes.stillLookedAt(clock.millis())) {
      for (StoredEvent event : queries.eventsBetween(hole.first(), hole.last(), PAGE)) {
        holes.fill(event.id());
        tell(event);
      }
    }
  }

  private void tellProgress() {
    for (StoredEvent event = next(); event != null; event = next()) {
      told.put(event.task(), far(event.attempt(), event.progress()));
      tell(event);
    }
    if (told.size() > MOST_PROGRESS) told.clear();
  }

  private synchronized @Nullable StoredEvent next() {
    return progress.poll();
  }

  private void tellProgressOfOthers() {
    long since = progressSeen - 1_000;
    progressSeen = clock.millis();
    for (StoredTask task : queries.progressedAfter(since)) {
      int far = far(task.attempt(), task.progress());
      Integer before = told.put(task.id(), far);
      if (before != null && before >= far) continue;
      tell(
          Feed.progress(
              task, task.progress(), task.note(), task.node(), task.deadline(), clock.instant()));
    }
  }

  /** A later attempt begins anew, and yet is further. */
  private static int far(int attempt, int percent) {
    return attempt * 101 + percent;
  }

  private void tell(StoredEvent event) {
    try {
      listener.accept(event);
    } catch (Throwable thrown) {
      LOG.warn("A listener of events failed", thrown);
    }
  }
}
