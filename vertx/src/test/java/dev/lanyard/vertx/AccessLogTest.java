package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.http.RequestId;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AccessLogTest {
  private static final int WAITING = 8192;

  private static CompletedRequest request(String target) {
    return request("GET", target, 200, RequestEnd.Finished.INSTANCE, Duration.ofNanos(1_304_000));
  }

  private static CompletedRequest request(
      String method, String target, int status, Throwable cause, Duration duration) {
    return new CompletedRequest(
        method,
        target,
        null,
        status,
        cause,
        Context.background().withValue(RequestId.KEY, "r1"),
        SocketAddress.inetSocketAddress(53122, "127.0.0.1"),
        Instant.parse("2026-11-20T19:13:54.123Z"),
        duration,
        0,
        512);
  }

  private static String line(CompletedRequest request) {
    var lines = new AccessLogLines();
    lines.add(request);
    var written = new StringWriter();
    try {
      lines.writeTo(written);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return written.toString();
  }

  @Test
  @DisplayName("a line says when, who, what, how it went, how long and why it ended")
  void line() {
    assertThat(line(request("/orders/17")))
        .isEqualTo(
            "2026-11-20T19:13:54.123Z 127.0.0.1:53122 GET /orders/17 200 512B 1.304ms finished"
                + " id=r1\n");
    var gone = new RequestEnd.ClientGone("a test");
    assertThat(line(request("GET", "/slow", 499, gone, Duration.ofMillis(812))))
        .contains(" /slow 499 512B 812.000ms client-gone id=r1");
    var other = new IllegalStateException("base");
    assertThat(line(request("GET", "/", 503, other, Duration.ZERO))).contains(" cancelled ");
  }

  @Test
  @DisplayName("a duration is written in plain figures, however long or short it was")
  void plainFigures() {
    var finished = RequestEnd.Finished.INSTANCE;
    String long_ = line(request("GET", "/", 200, finished, Duration.ofHours(30)));
    assertThat(long_).containsPattern(" 108000000(\\.0+)?ms ");
    String shortest = line(request("GET", "/", 200, finished, Duration.ofNanos(100)));
    assertThat(shortest).containsPattern(" 0(\\.0[0-9]*)?ms ");
  }

  @Test
  @DisplayName("whatever a client sends as method and target, a line stays a line of as many words")
  void hostileTargets() {
    int words = line(request("/")).split(" ").length;
    for (char c = 0; c < 0x300; c++) {
      String text = line(request("G" + c, "/a" + c + "b", 200, new Exception(), Duration.ZERO));
      assertThat(text.split(" ")).as("character %d", (int) c).hasSize(words);
      assertThat(text.strip()).as("character %d", (int) c).matches("[!-~ ]+");
    }
    assertThat(line(request("/a\\u000a"))).contains("/a\\u005cu000a ");
  }

  @Test
  @DisplayName("hostile targets on the wire arrive in the log as one line each")
  void hostileOnTheWire() throws Exception {
    var writer = new SlowWriter();
    writer.go.countDown();
    var log = AccessLog.to(writer);
    var settings = RequestSettings.standard().withListener(log);
    String[] targets = {"/%0aGET%20/admin", "/a\u00ff\u0080", "/a\"b'<script>", "/\u007f", "/a\\b"};
    try (var served = new Served(settings, _ -> {})) {
      for (String target : targets) {
        try (Wire wire = Wire.to(served)) {
          assertThat(wire.get(target, "X-Request-ID: a b").answer().status()).isEqualTo(404);
        }
      }
    }
    log.close();
    assertThat(writer.closed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(writer.text().lines()).allMatch(line -> line.matches("[!-~ ]+ id=[0-9a-z]{21}.*"));
    assertThat(writer.text().lines().count()).isEqualTo(targets.length);
  }

  @Test
  @DisplayName("closing writes what waits, flushes and closes the writer")
  void closing() throws Exception {
    var writer = new SlowWriter();
    writer.go.countDown();
    var log = AccessLog.to(writer);
    for (int i = 0; i < 1000; i++) log.accept(request("/" + i));
    log.close();
    assertThat(writer.closed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(writer.text().lines()).hasSize(1000).last().asString().contains(" /999 ");
    assertThat(log.leftOut()).isZero();
    log.close();
  }

  @Test
  @DisplayName("a request that is over while the log is closed does not keep its thread alive")
  void acceptedWhileClosing() throws Exception {
    var writer = new SlowWriter();
    var log = AccessLog.to(writer);
    log.accept(request("/first"));
    assertThat(writer.entered.await(10, TimeUnit.SECONDS)).isTrue();
    log.close(); // the thread is busy: its end waits in the queue
    log.accept(request("/late"));
    writer.go.countDown();
    assertThat(writer.closed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(writer.text()).contains("/first");
  }

  @Test
  @DisplayName(
      "when the writer cannot follow, requests do not wait: lines are left out and counted")
  void slowWriter() throws Exception {
    var writer = new SlowWriter();
    var log = AccessLog.to(writer);
    log.accept(request("/first"));
    assertThat(writer.entered.await(10, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < WAITING + 100; i++) log.accept(request("/" + i));
    assertThat(log.leftOut()).isEqualTo(100);
    writer.go.countDown();
    log.close();
    assertThat(writer.closed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(writer.text().lines()).hasSize(1 + WAITING);
  }

  @Test
  @DisplayName("a writer that fails harms no request, and what is not written is counted")
  void failingWriter() throws Exception {
    var failed = new CountDownLatch(1);
    var writer =
        new Writer() {
          @Override
          public void write(char[] text, int offset, int length) throws IOException {
            throw new IOException("disk full");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {
            failed.countDown();
          }
        };
    var log = AccessLog.to(writer);
    log.accept(request("/"));
    assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 2 * WAITING; i++) log.accept(request("/" + i));
    assertThat(log.leftOut()).isGreaterThanOrEqualTo(WAITING);
    log.close();
  }

  /** Waits before the first line until it may go. */
  private static final class SlowWriter extends Writer {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);
    final CountDownLatch closed = new CountDownLatch(1);
    private final StringWriter written = new StringWriter();

    String text() {
      return written.toString();
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
      entered.countDown();
      try {
        if (!go.await(20, TimeUnit.SECONDS)) throw new IOException("never let go");
      } catch (InterruptedException interrupted) {
        throw new IOException(interrupted);
      }
      written.write(text, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
