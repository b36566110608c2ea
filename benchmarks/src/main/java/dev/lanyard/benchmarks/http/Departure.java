package dev.lanyard.benchmarks.http;

/** How a client leaves. */
enum Departure {
  /** The end of the connection: what the system does for a program that is killed. */
  FIN("FIN"),
  /** The reset of the connection. */
  RST("RST"),
  /** The client has nothing more to say, but listens. */
  HALF_CLOSE("half-close"),
  /** The polite end of TLS, and that of the connection after it. */
  CLOSE_NOTIFY("close_notify, FIN"),
  /** The end of one stream, while the connection stays. */
  RST_STREAM("RST_STREAM");

  final String title;

  Departure(String title) {
    this.title = title;
  }
}
