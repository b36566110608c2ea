package dev.lanyard.vertx;

import java.io.IOException;
import java.io.Writer;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Writes a line for each completed request:
 *
 * <pre>
 * 2026-11-20T19:13:54.123Z 127.0.0.1:53122 GET /orders/17 200 512B 1.304ms finished id=... trace=...
 * 2026-11-20T19:13:55.871Z 127.0.0.1:53130 GET /slow 499 0B 812.070ms client-gone id=... trace=...
 * </pre>
 *
 * <p>Lines are put together and written by a thread of the log's own. If that cannot follow,
 * because a disk is slow or a pipe is full, requests do not wait: lines are left out and counted.
 * Whatever a client can choose is escaped where it is not plain ASCII, so a line stays a line.
 *
 * @since 0.1
 */
public final class AccessLog implements Consumer<CompletedRequest>, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AccessLog.class.getName());
  private static final int WAITING = 8192;

  private static final int BATCH = 256;
  private static final long PAUSE_NANOS = 20_000_000;

  private final Writer writer;
  private final ArrayBlockingQueue<CompletedRequest> waiting = new ArrayBlockingQueue<>(WAITING);
  private final LongAdder leftOut = new LongAdder();
  private final Thread thread;
  private volatile boolean closing;

  private AccessLog(Writer writer) {
    this.writer = writer;
    this.thread = Thread.ofPlatform().name("lanyard access log").daemon().unstarted(this::writeAll);
  }

  /**
   * A log that writes to a stream, and flushes it when there is nothing more to write.
   *
   * @param writer closed by {@link #close()}
   * @return a log; give it to {@link RequestSettings#withListener}
   */
  public static AccessLog to(Writer writer) {
    var log = new AccessLog(Objects.requireNonNull(writer, "writer"));
    log.thread.start();
    return log;
  }

  @Override
  public void accept(CompletedRequest request) {
    if (!waiting.offer(request)) leftOut.increment();
  }

  /**
   * How many lines were left out.
   *
   * @return since the start
   */
  public long leftOut() {
    return leftOut.sum();
  }

  /**
   * Looks for more now and then. To be woken for each request would cost that request more than all
   * else that is done for it here.
   */
  private void writeAll() {
    List<CompletedRequest> batch = new ArrayList<>();
    var lines = new AccessLogLines();
    try (writer) {
      while (true) {
        boolean last = closing;
        while (waiting.drainTo(batch, BATCH) > 0) {
          for (CompletedRequest request : batch) lines.add(request);
          lines.writeTo(writer);
          batch.clear();
        }
        writer.flush();
        if (last) return;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (IOException failure) {
      LOG.log(Level.ERROR, "the access log cannot be written any more", failure);
    }
  }

  /** Writes what is waiting, at most for a second, and closes the stream. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
