package dev.lanyard.benchmarks.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** What a client has sent, and what has become of it, when it leaves. */
enum Sent {
  REQUEST("request sent", "/wait", 0, 0),
  BODY_READ("body sent, read", "/read", 1_000, 1_000),
  BODY_UNREAD("body sent, not read", "/wait", 1_000, 1_000),
  LARGE_BODY_UNREAD("200 KB of body sent, not read", "/wait", 200_000, 200_000),
  PART_OF_BODY("half of the body sent, not read", "/wait", 1_000, 500),
  NEXT_REQUEST_AT_ONCE("next request in the same packet", "/wait", 0, 0),
  NEXT_REQUEST_LATER("next request while the handler blocks", "/wait", 0, 0),
  MANY_REQUESTS_LATER("200 KB of requests while the handler blocks", "/wait", 0, 0),
  STREAM("stream of events begun", "/stream", 0, 0);

  private static final String NEXT = "GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

  final String title;
  private final String path;
  private final int bodyLength;
  private final int bodySent;

  Sent(String title, String path, int bodyLength, int bodySent) {
    this.title = title;
    this.path = path;
    this.bodyLength = bodyLength;
    this.bodySent = bodySent;
  }

  /** What is sent in one go. */
  byte[] first(Transport transport, int id) {
    String target = path + "?id=" + id;
    byte[] body = new byte[bodySent];
    if (transport.http2) {
      byte[] headers = Frames.headers(bodyLength > 0, transport.tls, target);
      return bodyLength == 0
          ? headers
          : Frames.join(headers, Frames.data(body, bodySent == bodyLength));
    }
    String head =
        bodyLength == 0
            ? "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            : "POST "
                + target
                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: "
                + bodyLength
                + "\r\n\r\n";
    if (this == NEXT_REQUEST_AT_ONCE) head += NEXT;
    return Frames.join(head.getBytes(US_ASCII), body);
  }

  /** What is sent once the handler blocks. */
  byte[] later() {
    return switch (this) {
      case NEXT_REQUEST_LATER -> NEXT.getBytes(US_ASCII);
      case MANY_REQUESTS_LATER -> NEXT.repeat(200_000 / NEXT.length()).getBytes(US_ASCII);
      default -> new byte[0];
    };
  }

  boolean awaitsEvent() {
    return this == STREAM;
  }
}
