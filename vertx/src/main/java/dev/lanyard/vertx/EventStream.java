package dev.lanyard.vertx;

import dev.lanyard.context.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A response of server-sent events, as the HTML standard defines them. Each stream has the context
 * of its request, which ends when the client goes away: a loop that waits for the next event under
 * that context needs nothing else to stop.
 *
 * {@snippet :
 * router.get("/events").handler(EventStream.on((ctx, events) -> {
 *   for (long seen = number(events.lastEventId()); ; seen++) {
 *     events.send(Long.toString(seen), "price", prices.next(ctx, seen));
 *   }
 * }));
 * }
 *
 * <p>Sending waits for a client that reads slowly, and gives up one that reads nothing for as long
 * as {@link Limits#write()}. While nothing is sent, a comment goes out every 15 seconds, so that
 * proxies keep the connection and a client that vanished without a word is noticed. There is no
 * limit to the time of a stream; a shutdown of the server ends it with the drain.
 *
 * <p>For one thread at a time.
 *
 * @since 0.1
 */
public final class EventStream {
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);
  private static final Pattern LINE_END = Pattern.compile("\\r\\n|\\r|\\n");
  private static final Buffer COMMENT = Buffer.buffer(":\n\n");

  private final ResponseWriter writer;
  private final HttpServerResponse response;
  private final @Nullable String lastEventId;
  private final long silence;
  private volatile boolean quiet = true;

  private EventStream(Context ctx, RoutingContext routing) {
    this.response = routing.response();
    this.lastEventId = routing.request().getHeader("Last-Event-ID");
    RequestScope scope = RequestScope.of(routing);
    this.writer = new ResponseWriter(ctx, scope);
    Duration idle = scope.limits().idle().dividedBy(3);
    this.silence = Limits.millis(idle.compareTo(LONGEST_SILENCE) < 0 ? idle : LONGEST_SILENCE);
  }

  /** Sends events until it returns, or the context ends. */
  @FunctionalInterface
  public interface Source {
    /**
     * Sends events.
     *
     * @param ctx ends when the client has gone
     * @param events where to send them
     * @throws Exception to break the stream off; the client will come again
     */
    void send(Context ctx, EventStream events) throws Exception;
  }

  /**
   * A handler that answers with a stream.
   *
   * @param source sends the events; called by many threads at once
   * @return a handler for a route
   */
  public static Blocking on(Source source) {
    Objects.requireNonNull(source, "source");
    return Blocking.endless((ctx, routing) -> stream(source, ctx, routing));
  }

  private static void stream(Source source, Context ctx, RoutingContext routing) throws Exception {
    var events = new EventStream(ctx, routing);
    events.response.putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream");
    events.response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    events.response.putHeader("X-Accel-Buffering", "no"); // nginx would keep events back
    if (routing.request().method() == HttpMethod.HEAD) return;
    RequestScope.of(routing).streamed();
    events.writer.await(events.response.writeHead());
    Vertx vertx = routing.vertx();
    long heartbeat = vertx.setPeriodic(events.silence, _ -> events.beat());
    try {
      source.send(ctx, events);
    } finally {
      vertx.cancelTimer(heartbeat);
    }
  }

  private void beat() {
    if (quiet && !response.ended() && !response.closed() && !response.writeQueueFull()) {
      var _ = response.write(COMMENT);
    }
    quiet = true;
  }

  /**
   * The id of the last event that the client saw, if it has been here before.
   *
   * @return what it sends as {@code Last-Event-ID}, or null
   */
  public @Nullable String lastEventId() {
    return lastEventId;
  }

  /**
   * Sends an event without id and name.
   *
   * @param data its text; may have several lines
   * @throws IOException if it cannot be written
   */
  public void send(String data) throws IOException {
    send(null, null, data);
  }

  /**
   * Sends an event.
   *
   * @param id what a client that comes again sends back; null for none
   * @param name the type for which the page listens; null for {@code message}
   * @param data its text; may have several lines
   * @throws IOException if it cannot be written
   * @throws IllegalArgumentException if the id or the name has more than one line
   */
  public void send(@Nullable String id, @Nullable String name, String data) throws IOException {
    var text = new StringBuilder(data.length() + 32);
    if (id != null) text.append("id: ").append(oneLine("id", id)).append('\n');
    if (name != null) text.append("event: ").append(oneLine("name", name)).append('\n');
    for (String line : LINE_END.split(data, -1)) text.append("data: ").append(line).append('\n');
    write(text.append('\n'));
  }

  private static String oneLine(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r' || c == 0) {
        throw new IllegalArgumentException(
            "the " + what + " of an event must be one line without NUL characters");
      }
    }
    return text;
  }

  /**
   * Tells the client how long to wait before it comes again.
   *
   * @param delay in milliseconds
   * @throws IOException if it cannot be written
   */
  public void retryAfter(Duration delay) throws IOException {
    write(new StringBuilder("retry: ").append(delay.toMillis()).append("\n\n"));
  }

  private void write(StringBuilder text) throws IOException {
    quiet = false;
    writer.write(Buffer.buffer(text.toString()));
  }
}
