package dev.lanyard.http;

import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * What a client writes from a context into the headers of a request: request id, trace, baggage and
 * the time that is left. {@link Incoming} is the other end.
 *
 * {@snippet :
 * Outgoing outgoing = Outgoing.standard().trusting(Hosts.of("*.svc.cluster.local"));
 * outgoing.write(ctx, uri, request::header);
 * }
 *
 * <p>Who is sent what, unless said otherwise: everyone the request id and the trace, nobody the
 * baggage and the time that is left. What the context does not carry is not sent to anybody.
 *
 * <p><b>Redirects.</b> The headers are chosen for one target. A client that follows a redirect with
 * the same headers sends them to whatever host the answer names: ask again for each hop, or follow
 * no redirects where baggage or deadlines are sent.
 *
 * <p>Immutable, so any thread may use it if the predicates allow that. No method takes null.
 *
 * @since 0.1
 */
public final class Outgoing {
  /** What a request needs at least on its way to a neighbour and back. */
  private static final Duration MARGIN = Duration.ofMillis(5);

  private static final Outgoing STANDARD =
      new Outgoing(target -> true, target -> false, target -> false, DeadlineHeader.GRPC, MARGIN);

  private final Predicate<URI> traceTo;
  private final Predicate<URI> baggageTo;
  private final Predicate<URI> deadlineTo;
  private final DeadlineHeader deadlineHeader;
  private final Duration margin;

  private Outgoing(
      Predicate<URI> traceTo,
      Predicate<URI> baggageTo,
      Predicate<URI> deadlineTo,
      DeadlineHeader deadlineHeader,
      Duration margin) {
    this.traceTo = Objects.requireNonNull(traceTo, "who is sent the trace?");
    this.baggageTo = Objects.requireNonNull(baggageTo, "who is sent the baggage?");
    this.deadlineTo = Objects.requireNonNull(deadlineTo, "who is sent the deadline?");
    this.deadlineHeader = Objects.requireNonNull(deadlineHeader, "a deadline needs a header");
    this.margin = Objects.requireNonNull(margin, "a deadline needs a margin, if only zero");
  }

  /**
   * Request id and trace to everyone, baggage and deadline to nobody.
   *
   * @return always the same
   */
  public static Outgoing standard() {
    return STANDARD;
  }

  /**
   * The same, with baggage and deadline to some hosts.
   *
   * @param hosts one's own, such as a {@link Hosts}
   * @return a copy
   */
  public Outgoing trusting(Predicate<URI> hosts) {
    return new Outgoing(traceTo, hosts, hosts, deadlineHeader, margin);
  }

  /**
   * The same, with {@code X-Request-ID}, {@code traceparent} and {@code tracestate} to these only.
   *
   * @param hosts who is sent them
   * @return a copy
   */
  public Outgoing withTraceTo(Predicate<URI> hosts) {
    return new Outgoing(hosts, baggageTo, deadlineTo, deadlineHeader, margin);
  }

  /**
   * The same, with {@code baggage} to these only.
   *
   * @param hosts who is sent it
   * @return a copy
   */
  public Outgoing withBaggageTo(Predicate<URI> hosts) {
    return new Outgoing(traceTo, hosts, deadlineTo, deadlineHeader, margin);
  }

  /**
   * The same, with the time that is left to these only.
   *
   * @param hosts who is sent it
   * @return a copy
   */
  public Outgoing withDeadlineTo(Predicate<URI> hosts) {
    return new Outgoing(traceTo, baggageTo, hosts, deadlineHeader, margin);
  }

  /**
   * The same, with the time that is left in another header than {@link DeadlineHeader#GRPC}.
   *
   * @param header which
   * @return a copy
   */
  public Outgoing withDeadlineHeader(DeadlineHeader header) {
    return new Outgoing(traceTo, baggageTo, deadlineTo, header, margin);
  }

  /**
   * The same, with another margin than 5 ms: a callee is told that much less than what is left, so
   * that its answer arrives before nobody waits for it.
   *
   * @param margin zero or more
   * @return a copy
   * @throws IllegalArgumentException if it is negative: a callee would work for nobody
   */
  public Outgoing withMargin(Duration margin) {
    if (margin.isNegative()) throw new IllegalArgumentException("a negative margin: " + margin);
    return new Outgoing(traceTo, baggageTo, deadlineTo, deadlineHeader, margin);
  }

  /**
   * Writes the headers of one exchange. Each call makes a new span id: an attempt that is repeated
   * is another exchange.
   *
   * @param ctx what the request is part of
   * @param target where it is sent
   * @param header is given each name with its value, at most once
   */
  public void write(Context ctx, URI target, BiConsumer<String, String> header) {
    write(ctx, target, name -> false, header);
  }

  /**
   * As {@link #write(Context, URI, BiConsumer)}, but leaves alone what the caller has set. A {@code
   * tracestate} belongs to its {@code traceparent} and is not written beside another one.
   *
   * @param ctx what the request is part of
   * @param target where it is sent
   * @param isSet whether the request has a header of that name, compared without regard to case
   * @param header is given each name with its value, at most once
   */
  public void write(
      Context ctx, URI target, Predicate<String> isSet, BiConsumer<String, String> header) {
    write(ctx, target, false, isSet, header);
  }

  /** The trace of a context may already be the place of this one exchange. */
  void write(
      Context ctx,
      URI target,
      boolean isOwn,
      Predicate<String> isSet,
      BiConsumer<String, String> header) {
    if (traceTo.test(target)) {
      writeRequestId(ctx, isSet, header);
      writeTrace(ctx, isOwn, isSet, header);
    }
    if (baggageTo.test(target)) writeBaggage(ctx, isSet, header);
    if (deadlineTo.test(target)) writeDeadline(ctx, isSet, header);
  }

  private static void writeRequestId(
      Context ctx, Predicate<String> isSet, BiConsumer<String, String> header) {
    String id = RequestId.clean(ctx.value(RequestId.KEY));
    if (id != null && !isSet.test(RequestId.HEADER)) header.accept(RequestId.HEADER, id);
  }

  private static void writeTrace(
      Context ctx, boolean isOwn, Predicate<String> isSet, BiConsumer<String, String> header) {
    TraceContext trace = ctx.value(TraceContext.KEY);
    if (trace == null || isSet.test(TraceContext.TRACEPARENT)) return;
    TraceContext exchange = isOwn ? trace : trace.child();
    header.accept(TraceContext.TRACEPARENT, exchange.traceparent());
    if (!trace.traceState().isEmpty() && !isSet.test(TraceContext.TRACESTATE)) {
      header.accept(TraceContext.TRACESTATE, trace.traceState());
    }
  }

  private static void writeBaggage(
      Context ctx, Predicate<String> isSet, BiConsumer<String, String> header) {
    Baggage baggage = ctx.value(Baggage.KEY);
    if (baggage == null || baggage.isEmpty() || isSet.test(Baggage.HEADER)) return;
    header.accept(Baggage.HEADER, baggage.header());
  }

  private void writeDeadline(
      Context ctx, Predicate<String> isSet, BiConsumer<String, String> header) {
    Deadline deadline = ctx.deadline();
    if (deadline.isNone() || isSet.test(deadlineHeader.name())) return;
    header.accept(deadlineHeader.name(), deadlineHeader.format(deadline.remaining().minus(margin)));
  }
}
