package dev.lanyard.http;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A header by which a caller says how long it will wait. All of them are relative: no two machines
 * have the same clock.
 *
 * <p>Immutable, so any thread may use it. No method takes null, and those that return it say so.
 *
 * @since 0.1
 */
public final class DeadlineHeader {
  /** {@code grpc-timeout}: up to eight digits and a unit out of {@code H M S m u n}. */
  public static final DeadlineHeader GRPC = inGrpcGrammar("grpc-timeout");

  /** {@code Connect-Timeout-Ms}: up to ten digits of milliseconds. */
  public static final DeadlineHeader CONNECT = new DeadlineHeader("Connect-Timeout-Ms", true);

  /** {@code x-envoy-expected-rq-timeout-ms}: up to ten digits of milliseconds. */
  public static final DeadlineHeader ENVOY =
      new DeadlineHeader("x-envoy-expected-rq-timeout-ms", true);

  /** Those that are in use: {@link #GRPC}, {@link #CONNECT} and {@link #ENVOY}. */
  public static final List<DeadlineHeader> KNOWN = List.of(GRPC, CONNECT, ENVOY);

  private static final int MOST_DIGITS_OF_GRPC = 8;
  private static final long MOST_IN_GRPC = 99_999_999;
  private static final int MOST_DIGITS_OF_MILLIS = 10;
  private static final long MOST_MILLIS = 9_999_999_999L;

  private final String name;
  private final boolean inMillis;

  private DeadlineHeader(String name, boolean inMillis) {
    this.name = name;
    this.inMillis = inMillis;
  }

  /**
   * A header of one's own in the grammar of {@code grpc-timeout}.
   *
   * @param name of the header
   * @return the header
   * @throws IllegalArgumentException if no header can have that name
   */
  public static DeadlineHeader inGrpcGrammar(String name) {
    Objects.requireNonNull(name, "a deadline header needs a name");
    if (!Token.is(name)) {
      throw new IllegalArgumentException("no header can be named \"" + name + "\"");
    }
    return new DeadlineHeader(name, false);
  }

  /**
   * The shortest time that any of some headers allows, wherever it stands. Never throws, whatever
   * the texts are.
   *
   * @param known which headers to look for
   * @param headers what was received
   * @return zero if the caller waits no longer; null if no valid header is there
   */
  static @Nullable Duration shortest(List<DeadlineHeader> known, HeaderSource headers) {
    Duration shortest = null;
    for (DeadlineHeader header : known) {
      for (String value : headers.all(header.name)) {
        Duration timeout = header.parse(value);
        if (timeout != null && (shortest == null || timeout.compareTo(shortest) < 0)) {
          shortest = timeout;
        }
      }
    }
    return shortest;
  }

  /**
   * The header's name.
   *
   * @return as it is written
   */
  public String name() {
    return name;
  }

  /**
   * Reads a value. Never throws, whatever the text is.
   *
   * @param value of the header
   * @return zero if the caller waits no longer; null if the value is malformed, as are negative
   *     ones, those with a fraction and those with too many digits
   */
  public @Nullable Duration parse(String value) {
    int from = Blanks.skip(value, 0, value.length());
    int to = Blanks.skipBack(value, from, value.length());
    if (from == to) return null;
    if (inMillis) {
      long millis = digits(value, from, to, MOST_DIGITS_OF_MILLIS);
      return millis < 0 ? null : Duration.ofMillis(millis);
    }
    long amount = digits(value, from, to - 1, MOST_DIGITS_OF_GRPC);
    if (amount < 0) return null;
    return switch (value.charAt(to - 1)) {
      case 'H' -> Duration.ofHours(amount);
      case 'M' -> Duration.ofMinutes(amount);
      case 'S' -> Duration.ofSeconds(amount);
      case 'm' -> Duration.ofMillis(amount);
      case 'u' -> Duration.ofNanos(amount * 1_000);
      case 'n' -> Duration.ofNanos(amount);
      default -> null;
    };
  }

  /**
   * Writes a value, in the finest unit that has room for it. It is rounded down and so never longer
   * than what it says; what is longer than the header can say becomes the longest that it can.
   *
   * @param timeout zero or less is written as zero
   * @return the value
   */
  public String format(Duration timeout) {
    if (!timeout.isPositive()) return inMillis ? "0" : "0n";
    if (inMillis) return Long.toString(Math.min(millis(timeout), MOST_MILLIS));
    long seconds = timeout.toSeconds();
    if (seconds > MOST_IN_GRPC * 60) return Math.min(seconds / 3600, MOST_IN_GRPC) + "H";
    if (seconds > MOST_IN_GRPC) return seconds / 60 + "M";
    if (millis(timeout) > MOST_IN_GRPC) return seconds + "S";
    long nanos = timeout.toNanos();
    if (nanos / 1_000 > MOST_IN_GRPC) return nanos / 1_000_000 + "m";
    if (nanos > MOST_IN_GRPC) return nanos / 1_000 + "u";
    return nanos + "n";
  }

  @Override
  public String toString() {
    return name;
  }

  /** Minus one if these are no digits, or too many. */
  private static long digits(String value, int from, int to, int most) {
    if (from >= to || to - from > most) return -1;
    long number = 0;
    for (int i = from; i < to; i++) {
      char c = value.charAt(i);
      if (c < '0' || c > '9') return -1;
      number = number * 10 + (c - '0');
    }
    return number;
  }

  /** {@code Duration.toMillis} throws where this answers with the longest. */
  private static long millis(Duration timeout) {
    return timeout.toSeconds() > MOST_MILLIS ? Long.MAX_VALUE : timeout.toMillis();
  }
}
