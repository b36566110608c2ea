package dev.lanyard.tasks;

import dev.lanyard.context.Context;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A request over HTTP. A status that is not expected is a failure. When the context ends, so does
 * the exchange: the connection is closed (HTTP/1.1) or the stream reset (HTTP/2).
 *
 * @param method {@code GET}, {@code POST}, …
 * @param uri with the scheme {@code http} or {@code https}
 * @param headers sent with the request
 * @param body sent as UTF-8; null for none
 * @param expected the statuses that are a success; empty for 200 to 299
 * @param maxBodyBytes how much of the reply's body is kept: the beginning of it
 * @since 0.1
 */
public record Http(
    String method,
    URI uri,
    Map<String, String> headers,
    @Nullable String body,
    Set<Integer> expected,
    int maxBodyBytes) {
  /** The kind {@code http}. Its result is a {@link Reply}. */
  public static final TaskKind<Http> KIND = kindWith((_, _) -> Map.of());

  /** How much of the body is kept unless something else is said: 64 KiB. */
  public static final int DEFAULT_MAX_BODY_BYTES = 64 * 1024;

  /**
   * Checks and copies the values.
   *
   * @throws IllegalArgumentException with a text for the author of the task, if something makes no
   *     sense
   */
  public Http {
    Objects.requireNonNull(method, "a request needs a method");
    Objects.requireNonNull(uri, "a request needs a URI");
    headers = Map.copyOf(Objects.requireNonNull(headers, "there are no headers"));
    expected = Set.copyOf(Objects.requireNonNull(expected, "there are no expected statuses"));
    String scheme = uri.getScheme();
    if (!("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
        || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "a request goes to http://host or https://host, not to \"" + uri + '"');
    }
    for (int status : expected) {
      if (status < 100 || status > 599) {
        throw new IllegalArgumentException("there is no status " + status + " (100 to 599)");
      }
    }
    if (maxBodyBytes < 0) {
      throw new IllegalArgumentException(
          "the bound of the body cannot be negative, but is " + maxBodyBytes);
    }
    Exchange.check(method, headers);
  }

  /**
   * The kind {@code http} whose requests also say which context they are sent for: with headers of
   * a trace, for one, so that the service asked belongs to it. What a task {@linkplain #withHeaders
   * names itself} goes before them.
   *
   * {@snippet :
   * TaskKind<Http> traced =
   *     Http.kindWith((context, request) -> {
   *       Map<String, String> headers = new HashMap<>();
   *       Outgoing.standard().write(context, request.uri(), headers::put); // of the module http
   *       return headers;
   *     });
   * }
   *
   * @param headers of the context of the attempt and what it asks for; called on the thread of the
   *     attempt
   * @return a kind to be used in the place of {@link #KIND}
   */
  public static TaskKind<Http> kindWith(BiFunction<Context, Http, Map<String, String>> headers) {
    Objects.requireNonNull(headers, "say which headers to send");
    return new TaskKind<>("http", Http.class, (attempt, work) -> handle(attempt, work, headers));
  }

  /**
   * The answer to a request.
   *
   * @param status an expected one
   * @param headers of the answer, in lower case; several values are joined by a comma
   * @param body the beginning of the body, as text
   * @param cut whether the body was longer
   * @since 0.1
   */
  public record Reply(int status, Map<String, String> headers, String body, boolean cut) {}

  /**
   * The answer had a status that was not expected.
   *
   * @since 0.1
   */
  public static final class StatusException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Reply reply;

    StatusException(Http request, Reply reply) {
      super(
          "status "
              + reply.status()
              + " where "
              + (request.expected.isEmpty() ? "200 to 299" : new TreeSet<>(request.expected))
              + " was expected, from "
              + request.method
              + " "
              + request.uri);
      this.reply = reply;
    }

    /**
     * What was answered.
     *
     * @return the reply
     */
    public Reply reply() {
      return reply;
    }
  }

  /**
   * A {@code GET} that expects a status from 200 to 299.
   *
   * @param uri with the scheme {@code http} or {@code https}
   * @return the payload
   */
  public static Http get(URI uri) {
    return new Http("GET", uri, Map.of(), null, Set.of(), DEFAULT_MAX_BODY_BYTES);
  }

  /**
   * This request with another method.
   *
   * @param method {@code GET}, {@code POST}, …
   * @return a payload
   */
  public Http withMethod(String method) {
    return new Http(method, uri, headers, body, expected, maxBodyBytes);
  }

  /**
   * This request with other headers.
   *
   * @param headers sent with the request
   * @return a payload
   */
  public Http withHeaders(Map<String, String> headers) {
    return new Http(method, uri, headers, body, expected, maxBodyBytes);
  }

  /**
   * This request with another body.
   *
   * @param body sent as UTF-8; null for none
   * @return a payload
   */
  public Http withBody(@Nullable String body) {
    return new Http(method, uri, headers, body, expected, maxBodyBytes);
  }

  /**
   * This request with other statuses that are a success.
   *
   * @param expected empty for 200 to 299
   * @return a payload
   */
  public Http withExpected(Set<Integer> expected) {
    return new Http(method, uri, headers, body, expected, maxBodyBytes);
  }

  /**
   * This request with another bound for what is kept of the reply's body.
   *
   * @param maxBodyBytes zero keeps nothing
   * @return a payload
   */
  public Http withMaxBodyBytes(int maxBodyBytes) {
    return new Http(method, uri, headers, body, expected, maxBodyBytes);
  }

  private static Reply handle(
      Attempt attempt, Http work, BiFunction<Context, Http, Map<String, String>> ofContext)
      throws Exception {
    Context context = attempt.context();
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(ofContext.apply(context, work));
    all.putAll(work.headers);
    Reply reply = Exchange.send(context, work.withHeaders(all));
    if (!work.expects(reply.status())) throw new StatusException(work, reply);
    return reply;
  }

  private boolean expects(int status) {
    return expected.isEmpty() ? status >= 200 && status <= 299 : expected.contains(status);
  }
}
