package dev.lanyard.context;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** The two kinds of threads, for tests that must hold on both. */
enum ThreadKind {
  PLATFORM,
  VIRTUAL;

  /** Runs something on a new thread of this kind. */
  <T> Running<T> start(Callable<T> body) {
    var task = new FutureTask<>(body);
    Thread.Builder builder = this == VIRTUAL ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    return new Running<>(builder.start(task), task);
  }

  /** Runs something on a new thread of this kind and waits for it. */
  <T> T call(Callable<T> body) throws Exception {
    return start(body).get();
  }

  record Running<T>(Thread thread, FutureTask<T> task) {
    /** Its result, or what it threw. */
    T get() throws Exception {
      try {
        return task.get(30, TimeUnit.SECONDS);
      } catch (ExecutionException failed) {
        if (failed.getCause() instanceof Exception exception) throw exception;
        throw new AssertionError(failed.getCause());
      }
    }
  }
}
