package dev.lanyard.http;

import dev.lanyard.context.Context;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server takes from the headers of a request into the context of that request: request id,
 * trace, baggage and the time that the caller waits. For a server's middleware; {@link Outgoing} is
 * the other end.
 *
 * {@snippet :
 * Duration limit = incoming.timeout(headers); // null: the caller sets none
 * Context ctx = incoming.derive(connection, headers);
 * }
 *
 * <p>Whatever is missing, malformed or not to be taken is made new: each request has an id and a
 * trace. Nothing that a client sends makes this fail.
 *
 * <p>Immutable, so any thread may use it. No method takes null, and those that return it say so.
 *
 * @since 0.1
 */
public final class Incoming {
  private static final Incoming TRUSTED = new Incoming(true, true, true, DeadlineHeader.KNOWN);
  private static final Incoming FROM_THE_EDGE = new Incoming(false, false, false, List.of());

  private final boolean requestId;
  private final boolean trace;
  private final boolean baggage;
  private final List<DeadlineHeader> deadlines;

  private Incoming(
      boolean requestId, boolean trace, boolean baggage, List<DeadlineHeader> deadlines) {
    this.requestId = requestId;
    this.trace = trace;
    this.baggage = baggage;
    this.deadlines = deadlines;
  }

  /**
   * For a server that only services of one's own can reach, or a proxy of one's own that cleans
   * what strangers send: takes everything.
   *
   * @return always the same
   */
  public static Incoming trusted() {
    return TRUSTED;
  }

  /**
   * For a server that strangers can reach: takes nothing, so each request has a new id and begins a
   * new trace. Take single things with the methods that begin with {@code with}.
   *
   * @return always the same
   */
  public static Incoming fromTheEdge() {
    return FROM_THE_EDGE;
  }

  /**
   * The same, but for {@code X-Request-ID}.
   *
   * @param taken whether a caller may choose the id of its request
   * @return a copy
   */
  public Incoming withRequestId(boolean taken) {
    return new Incoming(taken, trace, baggage, deadlines);
  }

  /**
   * The same, but for {@code traceparent} and {@code tracestate}.
   *
   * @param taken whether the trace of a caller goes on here
   * @return a copy
   */
  public Incoming withTrace(boolean taken) {
    return new Incoming(requestId, taken, baggage, deadlines);
  }

  /**
   * The same, but for {@code baggage}.
   *
   * @param taken whether a caller's baggage is carried
   * @return a copy
   */
  public Incoming withBaggage(boolean taken) {
    return new Incoming(requestId, trace, taken, deadlines);
  }

  /**
   * The same, but for the time that a caller waits.
   *
   * @param headers which are believed, such as {@link DeadlineHeader#KNOWN}; empty for none
   * @return a copy
   */
  public Incoming withDeadlines(List<DeadlineHeader> headers) {
    return new Incoming(requestId, trace, baggage, List.copyOf(headers));
  }

  /**
   * The context of a request: its parent with {@link RequestId#KEY} and {@link TraceContext#KEY},
   * and with {@link Baggage#KEY} if there is any. Where the caller's trace goes on, the request is
   * a child of the caller's operation.
   *
   * <p>No deadline is set: the server combines {@link #timeout} with its own limits.
   *
   * @param parent whose end ends the request, such as the connection's context
   * @param headers of the request
   * @return the context of the request
   */
  public Context derive(Context parent, HeaderSource headers) {
    Context ctx =
        parent
            .withValue(RequestId.KEY, requestId(headers))
            .withValue(TraceContext.KEY, trace(headers));
    if (!baggage) return ctx;
    List<String> received = headers.all(Baggage.HEADER);
    if (received.isEmpty()) return ctx;
    Baggage carried = Baggage.parse(received);
    return carried.isEmpty() ? ctx : ctx.withValue(Baggage.KEY, carried);
  }

  /**
   * How long the caller waits, by the shortest of the headers that are believed. A server may only
   * shorten its own limit by it.
   *
   * @param headers of the request
   * @return zero if the caller waits no longer; null if no valid header says anything
   */
  public @Nullable Duration timeout(HeaderSource headers) {
    return DeadlineHeader.shortest(deadlines, headers);
  }

  /** Two ids are as good as none: nobody can say which of them others log. */
  private String requestId(HeaderSource headers) {
    if (requestId) {
      List<String> received = headers.all(RequestId.HEADER);
      String clean = received.size() == 1 ? RequestId.clean(received.getFirst()) : null;
      if (clean != null) return clean;
    }
    return RequestId.next();
  }

  private TraceContext trace(HeaderSource headers) {
    if (trace) {
      List<String> received = headers.all(TraceContext.TRACEPARENT);
      TraceContext callers =
          received.isEmpty()
              ? null
              : TraceContext.parse(received, headers.all(TraceContext.TRACESTATE));
      if (callers != null) return callers.child();
    }
    return TraceContext.newRoot();
  }
}
