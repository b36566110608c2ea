package dev.lanyard.vertx;

import dev.lanyard.http.RequestEnd;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a request may take and how much it may weigh. A limit of time never lets a request live
 * longer than its caller waits for it.
 *
 * <p>Immutable. {@link #standard()} is meant for a server that anyone can reach; each {@code with}
 * method changes one limit.
 *
 * @param header from the opening of a connection to the end of its first head; for a later request
 *     it is added to {@code idle}. Whoever is slower is cut off without an answer
 * @param read from the end of the head to the end of the body, for a handler that reads it: 408
 * @param write how long one write of a {@link ResponseBody} or an {@link EventStream} may wait for
 *     the client to take it; then the client is {@linkplain RequestEnd.ClientGone gone}. A response
 *     that is ended in one piece is not watched so: send what is large through those
 * @param idle how long nothing may move on a connection, whatever for: between requests, with a
 *     client that takes nothing of a response, and also while a handler thinks. {@link #options()}
 *     therefore sets at least {@code total}, twice {@code answer} and a second; a route that may
 *     take longer than that in silence needs a longer one
 * @param total from the end of the head to the answer, for handlers that set no limit of their own:
 *     503
 * @param answer how long a handler whose context has ended in time may take to find words of its
 *     own; then it is answered for
 * @param body bytes of a body that a handler may read: 413
 * @param readAhead bytes of a body that are taken in before the handler asks for them. While fewer
 *     are waiting, a client that leaves is noticed at once; behind more, TCP hides it
 * @param atOnce requests that may be under way; one more is answered with 503 and {@code
 *     Retry-After}
 * @since 0.1
 */
public record Limits(
    Duration header,
    Duration read,
    Duration write,
    Duration idle,
    Duration total,
    Duration answer,
    long body,
    int readAhead,
    int atOnce) {

  private static final Duration LONGEST = Duration.ofDays(365);

  private static final Duration ON_THE_WAY = Duration.ofSeconds(1);

  private static final int RESETS_IN_A_WINDOW = 30_000;

  private static final Limits STANDARD =
      new Limits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofMillis(250),
          10L << 20,
          64 << 10,
          10_000);

  /**
   * Checks that there is something left of each; longer than a year is a year.
   *
   * @throws IllegalArgumentException if a limit is zero or negative
   */
  public Limits {
    header = positive("header", header);
    read = positive("read", read);
    write = positive("write", write);
    idle = positive("idle", idle);
    total = positive("total", total);
    answer = positive("answer", answer);
    positive("body", body);
    positive("readAhead", readAhead);
    positive("atOnce", atOnce);
  }

  private static Duration positive(String name, Duration limit) {
    if (!limit.isPositive()) {
      throw new IllegalArgumentException(
          "the limit '" + name + "' must be longer than zero, and is " + limit);
    }
    return limit.compareTo(LONGEST) < 0 ? limit : LONGEST;
  }

  private static void positive(String name, long limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException(
          "the limit '" + name + "' must be at least 1, and is " + limit);
    }
  }

  /**
   * Head 10 s, body 30 s and 10 MiB, one write 30 s, idle 60 s, total 30 s, 10,000 requests at
   * once, 64 KiB of a body ahead of its reader, a quarter of a second for last words.
   *
   * @return the limits
   */
  public static Limits standard() {
    return STANDARD;
  }

  /**
   * The options of a server that keeps these limits; all others are Vert.x's. HTTP/2 without TLS is
   * off: see {@link #optionsWithCleartextHttp2()}.
   *
   * @return new options
   */
  public HttpServerOptions options() {
    // the last who may answer does so after two times 'answer', and the client has to get it
    Duration thinking = total.plus(answer).plus(answer).plus(ON_THE_WAY);
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setSslHandshakeTimeout(millis(header))
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout(millis(idle.compareTo(thinking) > 0 ? idle : thinking));
  }

  /**
   * The same for a server behind a proxy of one's own that speaks HTTP/2 without TLS to it. Vert.x
   * tells that from HTTP/1.1 by the first 24 bytes of a connection, and only {@code idle} ends the
   * wait for each of them.
   *
   * <p>Such a proxy resets a stream for each client that leaves, and all of them share its
   * connection. Vert.x takes more than 200 of them in 30 seconds for an attack and closes it; here
   * it is a thousand a second.
   *
   * @return new options
   */
  public HttpServerOptions optionsWithCleartextHttp2() {
    return options()
        .setHttp2ClearTextEnabled(true)
        .setHttp2RstFloodMaxRstFramePerWindow(RESETS_IN_A_WINDOW)
        .setHttp2RstFloodWindowDuration(30)
        .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS);
  }

  static int millis(Duration duration) {
    long millis = duration.plusNanos(999_999).toMillis();
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  /**
   * Changes one limit.
   *
   * @param limit for the head of a request
   * @return a changed copy
   */
  public Limits withHeader(Duration limit) {
    return new Limits(limit, read, write, idle, total, answer, body, readAhead, atOnce);
  }

  /**
   * Changes one limit.
   *
   * @param limit for reading a body
   * @return a changed copy
   */
  public Limits withRead(Duration limit) {
    return new Limits(header, limit, write, idle, total, answer, body, readAhead, atOnce);
  }

  /**
   * Changes one limit.
   *
   * @param limit for one write
   * @return a changed copy
   */
  public Limits withWrite(Duration limit) {
    return new Limits(header, read, limit, idle, total, answer, body, readAhead, atOnce);
  }

  /**
   * Changes one limit.
   *
   * @param limit for a connection on which nothing moves
   * @return a changed copy
   */
  public Limits withIdle(Duration limit) {
    return new Limits(header, read, write, limit, total, answer, body, readAhead, atOnce);
  }

  /**
   * Changes one limit.
   *
   * @param limit for a whole request
   * @return a changed copy
   */
  public Limits withTotal(Duration limit) {
    return new Limits(header, read, write, idle, limit, answer, body, readAhead, atOnce);
  }

  /**
   * Changes one limit.
   *
   * @param limit for the last words of a handler
   * @return a changed copy
   */
  public Limits withAnswer(Duration limit) {
    return new Limits(header, read, write, idle, total, limit, body, readAhead, atOnce);
  }

  /**
   * Changes one limit.
   *
   * @param bytes that a body may have
   * @return a changed copy
   */
  public Limits withBody(long bytes) {
    return new Limits(header, read, write, idle, total, answer, bytes, readAhead, atOnce);
  }

  /**
   * Changes one limit.
   *
   * @param bytes of a body that are taken in ahead of its reader
   * @return a changed copy
   */
  public Limits withReadAhead(int bytes) {
    return new Limits(header, read, write, idle, total, answer, body, bytes, atOnce);
  }

  /**
   * Changes one limit.
   *
   * @param requests that may be under way
   * @return a changed copy
   */
  public Limits withAtOnce(int requests) {
    return new Limits(header, read, write, idle, total, answer, body, readAhead, requests);
  }
}
