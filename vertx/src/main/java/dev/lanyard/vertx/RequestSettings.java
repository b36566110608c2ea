package dev.lanyard.vertx;

import dev.lanyard.context.Context;
import dev.lanyard.http.Incoming;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * What {@link RequestContexts} is to do. Immutable; each {@code with} method changes one setting.
 *
 * @param base the parent of all contexts: its values are seen by every handler, and when it ends,
 *     all requests end with its cause. The server goes on, and answers new requests with 503
 * @param connection derives the parent of a connection's requests from that base, to give them
 *     values; called once for each connection of a server that was {@linkplain
 *     RequestContexts#attach attached}, on its event loop
 * @param request derives the context of a request from the one that holds what its headers say, to
 *     give it more values; called once for each, on its event loop, before any handler. A listener
 *     is told of each that it was called for
 * @param incoming which headers are believed
 * @param limits how long a request may take and how much it may weigh
 * @param serverTiming whether each response says in {@code Server-Timing} how long it took
 * @param listeners told of each request when it is over, on its event loop: they must not block
 * @since 0.1
 */
public record RequestSettings(
    Context base,
    BiFunction<Context, HttpConnection, Context> connection,
    BiFunction<Context, HttpServerRequest, Context> request,
    Incoming incoming,
    Limits limits,
    boolean serverTiming,
    List<Consumer<? super CompletedRequest>> listeners) {

  private static final RequestSettings STANDARD =
      new RequestSettings(
          Context.background(),
          (base, _) -> base,
          (ctx, _) -> ctx,
          Incoming.trusted(),
          Limits.standard(),
          false,
          List.of());

  /**
   * Checks that nothing is missing.
   *
   * @throws NullPointerException if something is null
   */
  public RequestSettings {
    Objects.requireNonNull(base, "base");
    Objects.requireNonNull(connection, "connection");
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(incoming, "incoming");
    Objects.requireNonNull(limits, "limits");
    listeners = List.copyOf(listeners);
  }

  /**
   * For a server behind others of one's own: it goes on with the ids, the traces and the deadlines
   * that they send. Where strangers come in directly, {@code withIncoming(Incoming.fromTheEdge())}.
   *
   * @return the settings
   */
  public static RequestSettings standard() {
    return STANDARD;
  }

  /**
   * Changes one setting.
   *
   * @param context the parent of all contexts
   * @return a changed copy
   */
  public RequestSettings withBase(Context context) {
    return new RequestSettings(
        context, connection, request, incoming, limits, serverTiming, listeners);
  }

  /**
   * Changes one setting.
   *
   * @param derive makes the parent of a connection's requests
   * @return a changed copy
   */
  public RequestSettings withConnection(BiFunction<Context, HttpConnection, Context> derive) {
    return new RequestSettings(base, derive, request, incoming, limits, serverTiming, listeners);
  }

  /**
   * Changes one setting.
   *
   * @param derive gives values to a request; must not throw
   * @return a changed copy
   */
  public RequestSettings withRequest(BiFunction<Context, HttpServerRequest, Context> derive) {
    return new RequestSettings(base, connection, derive, incoming, limits, serverTiming, listeners);
  }

  /**
   * Changes one setting.
   *
   * @param headers which headers are believed
   * @return a changed copy
   */
  public RequestSettings withIncoming(Incoming headers) {
    return new RequestSettings(base, connection, request, headers, limits, serverTiming, listeners);
  }

  /**
   * Changes one setting.
   *
   * @param changed all limits
   * @return a changed copy
   */
  public RequestSettings withLimits(Limits changed) {
    return new RequestSettings(
        base, connection, request, incoming, changed, serverTiming, listeners);
  }

  /**
   * Has each response say how long it took.
   *
   * @return a changed copy
   */
  public RequestSettings withServerTiming() {
    return new RequestSettings(base, connection, request, incoming, limits, true, listeners);
  }

  /**
   * Adds a listener to those that are there.
   *
   * @param listener told of each request when it is over, on its event loop: it must not block.
   *     What it throws is logged
   * @return a changed copy
   */
  public RequestSettings withListener(Consumer<? super CompletedRequest> listener) {
    var more = new ArrayList<Consumer<? super CompletedRequest>>(listeners);
    more.add(Objects.requireNonNull(listener, "listener"));
    return new RequestSettings(base, connection, request, incoming, limits, serverTiming, more);
  }
}
