package dev.lanyard.benchmarks.http;

import static dev.lanyard.benchmarks.http.Departure.CLOSE_NOTIFY;
import static dev.lanyard.benchmarks.http.Departure.FIN;
import static dev.lanyard.benchmarks.http.Departure.HALF_CLOSE;
import static dev.lanyard.benchmarks.http.Departure.RST;
import static dev.lanyard.benchmarks.http.Departure.RST_STREAM;
import static dev.lanyard.benchmarks.http.Sent.BODY_READ;
import static dev.lanyard.benchmarks.http.Sent.BODY_UNREAD;
import static dev.lanyard.benchmarks.http.Sent.LARGE_BODY_UNREAD;
import static dev.lanyard.benchmarks.http.Sent.MANY_REQUESTS_LATER;
import static dev.lanyard.benchmarks.http.Sent.NEXT_REQUEST_AT_ONCE;
import static dev.lanyard.benchmarks.http.Sent.NEXT_REQUEST_LATER;
import static dev.lanyard.benchmarks.http.Sent.PART_OF_BODY;
import static dev.lanyard.benchmarks.http.Sent.REQUEST;
import static dev.lanyard.benchmarks.http.Sent.STREAM;
import static dev.lanyard.benchmarks.http.Transport.HTTP1;
import static dev.lanyard.benchmarks.http.Transport.HTTP2;
import static dev.lanyard.benchmarks.http.Transport.TLS;
import static dev.lanyard.benchmarks.http.Transport.TLS_HTTP2;

import java.time.Duration;
import java.util.List;

/** A way in which a client leaves while the handler blocks: a row of the table. */
record Leaving(Transport transport, Sent sent, Departure departure) {
  /** Who has not noticed by then has not noticed. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  static final List<Leaving> ALL =
      List.of(
          new Leaving(HTTP1, REQUEST, FIN),
          new Leaving(HTTP1, REQUEST, RST),
          new Leaving(HTTP1, REQUEST, HALF_CLOSE),
          new Leaving(HTTP1, BODY_READ, FIN),
          new Leaving(HTTP1, BODY_UNREAD, FIN),
          new Leaving(HTTP1, PART_OF_BODY, FIN),
          new Leaving(HTTP1, LARGE_BODY_UNREAD, FIN),
          new Leaving(HTTP1, NEXT_REQUEST_AT_ONCE, FIN),
          new Leaving(HTTP1, NEXT_REQUEST_LATER, FIN),
          new Leaving(HTTP1, MANY_REQUESTS_LATER, FIN),
          new Leaving(HTTP1, STREAM, FIN),
          new Leaving(HTTP2, REQUEST, RST_STREAM),
          new Leaving(HTTP2, REQUEST, FIN),
          new Leaving(HTTP2, REQUEST, RST),
          new Leaving(HTTP2, BODY_READ, RST_STREAM),
          new Leaving(HTTP2, BODY_UNREAD, RST_STREAM),
          new Leaving(HTTP2, PART_OF_BODY, RST_STREAM),
          new Leaving(HTTP2, STREAM, RST_STREAM),
          new Leaving(TLS, REQUEST, CLOSE_NOTIFY),
          new Leaving(TLS, REQUEST, FIN),
          new Leaving(TLS, REQUEST, RST),
          new Leaving(TLS, BODY_UNREAD, CLOSE_NOTIFY),
          new Leaving(TLS, NEXT_REQUEST_LATER, CLOSE_NOTIFY),
          new Leaving(TLS, STREAM, CLOSE_NOTIFY),
          new Leaving(TLS_HTTP2, REQUEST, RST_STREAM),
          new Leaving(TLS_HTTP2, REQUEST, CLOSE_NOTIFY));

  String title() {
    return transport.title + ": " + sent.title + "; " + departure.title;
  }
}
