package dev.lanyard.vertx;

import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * The body of a response as a stream, for a handler that may block. What is written is sent in
 * pieces of 16 KiB, or at {@link #flush()}. Writing waits for a client that reads slowly, so that
 * memory holds little of the response, and ends with the context, by throwing its {@link
 * ContextException}. A client that takes nothing for as long as {@link Limits#write()} is cut off,
 * and the context of the request ends as if it had left.
 *
 * <p>For one thread at a time. Closing it ends the response; a handler that fails before leaves
 * that to {@link Blocking}, which cuts the connection.
 *
 * @since 0.1
 */
public final class ResponseBody extends OutputStream {
  private static final int PIECE = 16 << 10;

  private final ResponseWriter writer;
  private final HttpServerResponse response;
  private Buffer piece = Buffer.buffer(PIECE);
  private boolean closed;

  private ResponseBody(Context ctx, RequestScope scope) {
    this.writer = new ResponseWriter(ctx, scope);
    this.response = scope.routing.response();
  }

  /**
   * The body of a response. Status and headers are set before the first byte is written.
   *
   * @param ctx under which to wait: that of the request, or one derived from it
   * @param routing the request
   * @return a stream
   */
  public static ResponseBody of(Context ctx, RoutingContext routing) {
    Objects.requireNonNull(ctx, "ctx");
    RequestScope scope = RequestScope.of(routing);
    if (!routing.response().headers().contains(HttpHeaders.CONTENT_LENGTH)) scope.streamed();
    var body = new ResponseBody(ctx, scope);
    scope.written(body);
    return body;
  }

  @Override
  public void write(int b) throws IOException {
    ensureOpen();
    piece.appendByte((byte) b);
    if (piece.length() >= PIECE) send();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    ensureOpen();
    int position = offset;
    int left = length;
    while (left > 0) {
      int count = Math.min(left, PIECE - piece.length());
      piece.appendBytes(bytes, position, count);
      position += count;
      left -= count;
      if (piece.length() == PIECE) send();
    }
  }

  @Override
  public void flush() throws IOException {
    if (!closed) send();
  }

  private void send() throws IOException {
    if (piece.length() == 0) return;
    Buffer full = piece;
    piece = Buffer.buffer(PIECE);
    writer.write(full);
  }

  private void ensureOpen() throws IOException {
    if (closed) throw new IOException("the body was closed");
  }

  @Override
  public void close() {
    closed = true;
  }

  /** The handler has returned in peace. */
  void end() throws IOException {
    if (response.ended()) return;
    send();
    writer.await(response.end());
  }
}
