package dev.lanyard.vertx;

import dev.lanyard.context.Context;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.http.RequestId;
import dev.lanyard.http.TraceContext;
import java.io.IOException;
import java.io.Writer;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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

  /** Comes last. */
  private static final CompletedRequest CLOSE =
      new CompletedRequest(
          "",
          "",
          null,
          0,
          RequestEnd.Finished.INSTANCE,
          Context.background(),
          "",
          Instant.EPOCH,
          Duration.ZERO,
          0,
          0);

  private final Writer writer;
  private final ArrayBlockingQueue<CompletedRequest> waiting = new ArrayBlockingQueue<>(WAITING);
  private final LongAdder leftOut = new LongAdder();
  private final Thread thread;

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

  private void writeAll() {
    List<CompletedRequest> batch = new ArrayList<>();
    var line = new StringBuilder();
    try (writer) {
      while (batch.isEmpty() || batch.getLast() != CLOSE) {
        batch.clear();
        if (waiting.drainTo(batch) == 0) {
          writer.flush();
          batch.add(waiting.take());
        }
        for (CompletedRequest request : batch) {
          if (request == CLOSE) break;
          line.setLength(0);
          writer.append(describe(request, line));
        }
      }
    } catch (InterruptedException impossible) {
      Thread.currentThread().interrupt();
    } catch (IOException failure) {
      LOG.log(Level.ERROR, "the access log cannot be written any more", failure);
    }
  }

  static StringBuilder describe(CompletedRequest request, StringBuilder line) {
    line.append(request.begun()).append(' ').append(request.remote()).append(' ');
    escape(request.method(), line);
    line.append(' ');
    escape(request.target(), line);
    line.append(' ').append(request.status()).append(' ').append(request.bytesWritten());
    line.append("B ").append(request.duration().toNanos() / 1e6).append("ms ");
    line.append(request.cause() instanceof RequestEnd end ? end.kind() : "cancelled");
    String id = request.ctx().value(RequestId.KEY);
    if (id != null) line.append(" id=").append(id);
    TraceContext trace = request.ctx().value(TraceContext.KEY);
    if (trace != null) line.append(" trace=").append(trace.traceId());
    return line.append('\n');
  }

  private static void escape(String text, StringBuilder line) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > ' ' && c < 0x7f && c != '\\') line.append(c);
      else line.append(String.format("\\u%04x", (int) c));
    }
  }

  /** Writes what is waiting, at most for a second, and closes the stream. */
  @Override
  public void close() {
    try {
      if (waiting.offer(CLOSE, 1, TimeUnit.SECONDS)) thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
