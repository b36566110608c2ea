package dev.lanyard.vertx;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/**
 * Takes the connection of a request away, or its stream in HTTP/2: so that the client does not take
 * a part for the whole, or ends sending what nobody will read.
 */
final class CutOff {
  /** RFC 9113, section 8.1: the response is complete, and the client may stop sending. */
  private static final long NO_ERROR = 0;

  private static final long INTERNAL_ERROR = 2;

  /** As Go's server. */
  private static final long LINGER_MILLIS = 500;

  private final RoutingContext routing;
  private final io.vertx.core.Context eventLoop;

  /** On the event loop only. */
  private boolean afterResponse;

  /** Written on the event loop only, read on any thread. */
  private volatile boolean responseIsOver;

  CutOff(RoutingContext routing, io.vertx.core.Context eventLoop) {
    this.routing = routing;
    this.eventLoop = eventLoop;
  }

  /** On any thread. */
  void now() {
    HttpServerRequest request = routing.request();
    if (request.version() != HttpVersion.HTTP_2) request.connection().close();
    else routing.response().reset(responseIsOver ? NO_ERROR : INTERNAL_ERROR);
  }

  /** On the event loop: the client goes on sending what nobody will read. */
  void afterResponse() {
    if (afterResponse) return;
    afterResponse = true;
    if (responseIsOver) soon();
  }

  /** On the event loop, when the response is over, however it ended. */
  void responseEnded() {
    responseIsOver = true;
  }

  /** Whether the end of the response has been told. */
  boolean responseIsOver() {
    return responseIsOver;
  }

  /** On the event loop, when the response was sent to its end. */
  void responseWasSent() {
    if (isShort()) now();
    else if (afterResponse) soon();
  }

  /** A connection closed at once may take the response with it, while the client still sends. */
  private void soon() {
    eventLoop.owner().setTimer(LINGER_MILLIS, _ -> now());
  }

  /**
   * With fewer bytes than announced: the client would take the next response for the rest. In
   * HTTP/2 the end of a response is framed, and what is written is counted later.
   */
  private boolean isShort() {
    if (routing.request().version() == HttpVersion.HTTP_2) return false;
    HttpServerResponse response = routing.response();
    String announced = response.headers().get(HttpHeaders.CONTENT_LENGTH);
    if (announced == null || announced.equals(Long.toString(response.bytesWritten()))) return false;
    int status = response.getStatusCode();
    return status >= 200 && status != 204 && status != 304 && !isHead();
  }

  private boolean isHead() {
    return routing.request().method() == HttpMethod.HEAD;
  }
}
