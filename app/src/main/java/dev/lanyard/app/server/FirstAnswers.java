package dev.lanyard.app.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.context.TimeSource;
import dev.lanyard.durable.StoredTask;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What was accepted under which {@code Idempotency-Key}, so that a request that is sent twice is
 * done once.
 *
 * <p>1. Who puts a key here does the work, without the lock; others with this key wait for that.
 * <br>
 * 2. Work that fails leaves no key behind: it may be tried again.
 */
final class FirstAnswers {
  private static final long KEPT_NANOS = Duration.ofHours(24).toNanos();
  private static final int MOST = 100_000;
  private static final int LONGEST_KEY = 255;

  private final ReentrantLock lock = new ReentrantLock();

  /** Oldest first. */
  @GuardedBy("lock")
  private final Map<String, First> known = new LinkedHashMap<>();

  private record First(byte[] body, long begun, CompletableFuture<List<StoredTask>> tasks) {}

  /** The tasks, and whether they were accepted before. */
  record Accepted(List<StoredTask> tasks, boolean again) {}

  Accepted get(Call call, String key, Callable<List<StoredTask>> work) throws Exception {
    if (key.isBlank() || key.length() > LONGEST_KEY) {
      throw Problem.of(400, "an Idempotency-Key has 1 to " + LONGEST_KEY + " letters");
    }
    byte[] body = MessageDigest.getInstance("SHA-256").digest(call.body());
    var own = new First(body, TimeSource.system().nanoTime(), new CompletableFuture<>());
    First first = putIfAbsent(key, own);
    if (first == null) return new Accepted(doWork(key, own, work), false);
    if (!Arrays.equals(first.body, body)) {
      throw Problem.of(
          422,
          "idempotency-key",
          "this Idempotency-Key was used for another body: take a new key for a new request",
          List.of());
    }
    List<StoredTask> tasks = call.context().await(first.tasks.exceptionally(_ -> List.of()));
    if (tasks.isEmpty()) throw Problem.of(409, "the first request with this key failed: try again");
    return new Accepted(tasks, true);
  }

  private List<StoredTask> doWork(String key, First own, Callable<List<StoredTask>> work)
      throws Exception {
    List<StoredTask> tasks = List.of();
    try {
      tasks = work.call();
      return tasks;
    } finally {
      if (tasks.isEmpty()) forget(key, own); // (2)
      own.tasks.complete(tasks);
    }
  }

  private @Nullable First putIfAbsent(String key, First own) {
    lock.lock();
    try {
      var oldest = known.entrySet().iterator();
      while (oldest.hasNext()) {
        First first = oldest.next().getValue();
        if (known.size() < MOST && own.begun - first.begun < KEPT_NANOS) break;
        oldest.remove();
      }
      return known.putIfAbsent(key, own);
    } finally {
      lock.unlock();
    }
  }

  private void forget(String key, First own) {
    lock.lock();
    try {
      known.remove(key, own);
    } finally {
      lock.unlock();
    }
  }
}
