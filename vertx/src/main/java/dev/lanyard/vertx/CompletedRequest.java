package dev.lanyard.vertx;

import dev.lanyard.context.Context;
import dev.lanyard.http.RequestEnd;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request: one for each, whoever ended it. An access log writes it down, meters
 * count it, a tracer makes a span of it; see {@link RequestSettings#withListener}.
 *
 * @param method as sent
 * @param target path and query as sent, which a client can fill with anything
 * @param route the pattern of the route that took the request; null if none did, or if it has none
 * @param status of the response; 499 if the client left before there was one
 * @param cause what had ended it by then: usually a {@link RequestEnd}. A handler may still be busy
 *     after its response, and its context may then end otherwise
 * @param ctx holds the request id, the trace and whatever else was put there; it may have ended
 * @param remote the address of the client
 * @param begun when its head was complete
 * @param duration from then until the response was sent or the client left
 * @param bytesRead of the body
 * @param bytesWritten of the response's body
 * @since 0.1
 */
public record CompletedRequest(
    String method,
    String target,
    @Nullable String route,
    int status,
    Throwable cause,
    Context ctx,
    SocketAddress remote,
    Instant begun,
    Duration duration,
    long bytesRead,
    long bytesWritten) {

  /** The client left: the status that nginx made customary for logs. It is never sent. */
  static final int CLIENT_CLOSED_REQUEST = 499;
}
