package dev.lanyard.app.server;

import dev.lanyard.durable.StoreException;
import dev.lanyard.http.RequestId;
import dev.lanyard.tasks.RefusedException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A call that is not answered as it was meant to be: becomes a problem document of RFC 9457. */
final class Problem extends Exception {
  private static final long serialVersionUID = 1;

  /** What is wrong with the input, and where. */
  record Mistake(String where, String message) {}

  private final int status;
  private final String type;
  private final transient List<Mistake> mistakes;
  private final transient Map<String, String> headers;

  private Problem(
      int status,
      String type,
      String detail,
      List<Mistake> mistakes,
      Map<String, String> headers,
      @Nullable StoreException cause) {
    super(detail, cause, false, false); // an answer, and no failure of ours
    this.status = status;
    this.type = type;
    this.mistakes = mistakes;
    this.headers = headers;
  }

  /** The detail says what to do. */
  static Problem of(int status, String detail) {
    return new Problem(status, "about:blank", detail, List.of(), Map.of(), null);
  }

  static Problem of(int status, String name, String detail, List<Mistake> mistakes) {
    return new Problem(status, "/problems/" + name, detail, mistakes, Map.of(), null);
  }

  Problem withHeader(String name, String value) {
    return new Problem(
        status,
        type,
        String.valueOf(getMessage()),
        mistakes,
        Map.of(name, value),
        getCause() instanceof StoreException failure ? failure : null);
  }

  static Problem of(RefusedException refusal) {
    RefusedException.Reason reason = refusal.reason();
    int status =
        switch (reason) {
          case UNKNOWN_TASK -> 404;
          case UNKNOWN_KIND, WRONG_PAYLOAD, TIMEOUT_TOO_LONG, PARENT_UNKNOWN, TOO_DEEP -> 422;
          case QUEUE_FULL, CLOSING -> 503;
          case DUPLICATE_ID,
              DUPLICATE_KEY,
              PARENT_ENDED,
              ENDED,
              NOT_RUN_AGAIN,
              NOT_CRITICAL,
              NOT_RUNNING,
              BEYOND_LIMIT ->
              409;
        };
    String name = reason.toString().toLowerCase(Locale.ROOT).replace('_', '-');
    String other = refusal.other();
    String detail = String.valueOf(refusal.getMessage());
    if (other != null && !detail.contains(other)) detail += " (task " + other + ")";
    return of(status, name, detail, List.of());
  }

  /** Of a call that looks, or that changes something in one transaction. */
  static Problem of(StoreException failure) {
    return of(
        failure,
        failure.isUnknown()
            ? "the connection to the database broke while this was written: it may have been done or"
                + " not. Look, or send it again with the same Idempotency-Key or the same ids"
            : "the database does not answer; nothing was changed. Try again in a moment");
  }

  /** The detail says what was done all the same. */
  static Problem of(StoreException failure, String detail) {
    return new Problem(
        503, "/problems/database", detail, List.of(), Map.of("Retry-After", "1"), failure);
  }

  int status() {
    return status;
  }

  Answer answer(@Nullable String requestId) {
    String title = HttpResponseStatus.valueOf(status).reasonPhrase();
    Answer answer =
        Answer.json(
            status,
            json -> {
              json.writeStringProperty("type", type);
              json.writeStringProperty("title", title);
              json.writeNumberProperty("status", status);
              json.writeStringProperty("detail", String.valueOf(getMessage()));
              if (requestId != null) json.writeStringProperty("requestId", requestId);
              if (!mistakes.isEmpty()) mistakes(json);
            });
    return new Answer(status, "application/problem+json", headers, answer.body());
  }

  private void mistakes(JsonGenerator json) {
    Json.array(
        json,
        "errors",
        mistakes,
        mistake -> {
          json.writeStringProperty("where", mistake.where());
          json.writeStringProperty("message", mistake.message());
        });
  }

  /** From the event loop, or from a thread that handles the request. */
  void send(RoutingContext routing) {
    answer(routing.response().headers().get(RequestId.HEADER)).send(routing);
  }
}
