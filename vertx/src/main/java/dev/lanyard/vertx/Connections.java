package dev.lanyard.vertx;

import dev.lanyard.context.Context;
import io.vertx.core.http.HttpConnection;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The open connections of an attached server. */
final class Connections {
  private static final String NO_CONTEXT = "the setting 'connection' gave no context";

  private final RequestSettings settings;
  private final Context serving;
  private final ConcurrentHashMap<HttpConnection, Connection> open = new ConcurrentHashMap<>();
  private volatile @Nullable Runnable whenNoneIsLeft;

  Connections(RequestSettings settings, Context serving) {
    this.settings = settings;
    this.serving = serving;
  }

  /** On the event loop of the connection. */
  void opened(HttpConnection transport) {
    Context parent;
    try {
      parent = Objects.requireNonNull(settings.connection().apply(serving, transport), NO_CONTEXT);
    } catch (Throwable failure) {
      transport.close(); // its requests would lack what others rely on
      throw failure;
    }
    var connection = new Connection(this, transport, parent, settings.limits());
    open.put(transport, connection);
    transport.closeHandler(_ -> {
      open.remove(transport);
      connection.closed();
      tellIfNoneIsLeft();
    });
    if (whenNoneIsLeft != null) connection.drain();
  }

  /** Null for a server that is not attached. */
  @Nullable Connection of(HttpConnection transport) {
    return open.get(transport);
  }

  void forget(HttpConnection transport) {
    open.remove(transport);
    tellIfNoneIsLeft();
  }

  /** Closes each as soon as nothing is under way on it, and those that still come. */
  void drain(Runnable whenNoneIsLeft) {
    this.whenNoneIsLeft = whenNoneIsLeft;
    open.values().forEach(Connection::drain);
    tellIfNoneIsLeft();
  }

  private void tellIfNoneIsLeft() {
    Runnable action = whenNoneIsLeft;
    if (action != null && open.isEmpty()) action.run();
  }
}
