package dev.lanyard.vertx;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.http.RequestEnd;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** Writes to a client at the pace at which it reads, and gives up one that does not. */
final class ResponseWriter {
  private final Context ctx;
  private final RequestScope scope;
  private final HttpServerResponse response;

  ResponseWriter(Context ctx, RequestScope scope) {
    this.ctx = ctx;
    this.scope = scope;
    this.response = scope.routing.response();
  }

  /** Waits only if there is more under way than the connection takes at once. */
  void write(Buffer buffer) throws IOException {
    ctx.throwIfDone();
    Future<Void> sent = response.write(buffer);
    if (response.writeQueueFull()) await(sent);
  }

  void await(Future<Void> sent) throws IOException {
    Duration limit = scope.limits().write();
    try (CancellableContext patient = ctx.withTimeout(limit)) {
      patient.await(sent.toCompletionStage());
    } catch (ContextException timeOver) {
      ctx.throwIfDone();
      scope.giveUp(new RequestEnd.ClientGone("it took nothing for " + limit.toMillis() + " ms"));
      throw new IOException("the client does not take the response", timeOver);
    } catch (CompletionException failure) {
      ctx.throwIfDone();
      throw new IOException("the response could not be written", failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      var failure = new InterruptedIOException("interrupted while writing the response");
      failure.initCause(interrupted);
      throw failure;
    }
  }
}
