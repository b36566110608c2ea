package dev.lanyard.benchmarks.http;

/** What a request travels over. */
enum Transport {
  HTTP1("HTTP/1.1", false, false),
  HTTP2("HTTP/2 (h2c)", true, false),
  TLS("HTTP/1.1 over TLS", false, true),
  TLS_HTTP2("HTTP/2 over TLS", true, true);

  final String title;
  final boolean http2;
  final boolean tls;

  Transport(String title, boolean http2, boolean tls) {
    this.title = title;
    this.http2 = http2;
    this.tls = tls;
  }
}
