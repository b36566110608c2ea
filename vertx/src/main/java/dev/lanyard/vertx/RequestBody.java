package dev.lanyard.vertx;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Deadline;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as a stream, for a handler that may block. Reading waits for the client and
 * ends with the context, by throwing its {@link ContextException}.
 *
 * <p>A body that is larger than {@link Limits#body()} fails with an {@code HttpException} 413, one
 * that is not there after {@link Limits#read()} with 408, one that breaks off with 400: a handler
 * that lets them pass answers so. While it is read slowly, the client is slowed down.
 *
 * <p>For one thread at a time. Closing it drops the rest.
 *
 * @since 0.1
 */
public final class RequestBody extends InputStream {
  private final Context ctx;
  private final @Nullable BodyIntake intake;
  private final Deadline deadline;
  private @Nullable Buffer chunk;
  private int position;
  private boolean closed;

  private RequestBody(Context ctx, RequestScope scope) {
    this.ctx = ctx;
    this.intake = scope.intake();
    this.deadline = scope.readDeadline();
    if (intake == null) this.chunk = scope.routing.body().buffer();
  }

  /**
   * The body of a request that a {@link Blocking} handler answers. Of a body that a {@code
   * BodyHandler} has read before, the stream has all at once.
   *
   * @param ctx under which to wait: that of the request, or one derived from it
   * @param routing the request
   * @return its body. Several streams of one request share what is left of it
   */
  public static RequestBody of(Context ctx, RoutingContext routing) {
    Objects.requireNonNull(ctx, "ctx");
    return new RequestBody(ctx, RequestScope.of(routing));
  }

  @Override
  public int read() throws IOException {
    return fill() ? chunk().getByte(position++) & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) return 0;
    if (!fill()) return -1;
    int count = Math.min(length, chunk().length() - position);
    chunk().getBytes(position, position + count, target, offset);
    position += count;
    return count;
  }

  private Buffer chunk() {
    return Objects.requireNonNull(chunk);
  }

  /** Whether there is a byte to read. */
  private boolean fill() throws IOException {
    if (closed) throw new IOException("the body was closed");
    while (chunk == null || position == chunk.length()) {
      if (intake == null) return false;
      Buffer next = next(intake);
      if (next == null) return false;
      chunk = next;
      position = 0;
    }
    return true;
  }

  private @Nullable Buffer next(BodyIntake from) throws IOException {
    try (CancellableContext patient = ctx.withDeadline(deadline)) {
      return from.take(patient);
    } catch (ContextException timeOver) {
      ctx.throwIfDone();
      throw new HttpException(408, "the body of the request did not come in time", timeOver);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      var failure = new InterruptedIOException("interrupted while waiting for the body");
      failure.initCause(interrupted);
      throw failure;
    }
  }

  @Override
  public int available() {
    int inHand = chunk == null ? 0 : chunk.length() - position;
    return inHand + (intake == null ? 0 : intake.available());
  }

  @Override
  public void close() {
    closed = true;
    chunk = null;
    if (intake != null) intake.abandon();
  }
}
