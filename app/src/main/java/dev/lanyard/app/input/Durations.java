package dev.lanyard.app.input;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Durations as people write them: numbers with units, largest unit first, each unit once, nothing
 * between them: {@code 250ms}, {@code 2s}, {@code 1.5s}, {@code 1m30s}, {@code 1h}. A plain {@code
 * 0} needs no unit; any other number does, since nobody can tell seconds from milliseconds.
 */
public final class Durations {
  public static final String EXPECTED = "a duration such as 250ms, 2s or 1m30s";

  /** Beyond any use, and so far below the limits of arithmetic that no sum overflows. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private enum Unit {
    H(3_600_000_000_000L),
    M(60_000_000_000L),
    S(1_000_000_000L),
    MS(1_000_000L),
    US(1_000L);

    private final BigDecimal nanos;

    Unit(long nanos) {
      this.nanos = BigDecimal.valueOf(nanos);
    }
  }

  private Durations() {}

  /** Empty when the text is no duration. */
  public static Optional<Duration> parse(String text) {
    if (text.equals("0")) return Optional.of(Duration.ZERO);
    if (text.isEmpty() || text.length() > 40) return Optional.empty();
    BigDecimal nanos = BigDecimal.ZERO;
    Unit previous = null;
    for (int at = 0; at < text.length(); ) {
      int unitStart = skip(text, at, true);
      int next = skip(text, unitStart, false);
      Unit unit = unit(text.substring(unitStart, next));
      String number = text.substring(at, unitStart);
      boolean smaller =
          unit != null && (previous == null || unit.nanos.compareTo(previous.nanos) < 0);
      if (unit == null || !smaller || !number.matches("\\d+(\\.\\d+)?")) {
        return Optional.empty();
      }
      nanos = nanos.add(new BigDecimal(number).multiply(unit.nanos));
      previous = unit;
      at = next;
    }
    if (nanos.compareTo(BigDecimal.valueOf(LONGEST.toNanos())) > 0) return Optional.empty();
    return Optional.of(Duration.ofNanos(nanos.longValue()));
  }

  private static int skip(String text, int from, boolean digits) {
    int at = from;
    while (at < text.length()
        && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.') == digits) {
      at++;
    }
    return at;
  }

  private static @Nullable Unit unit(String name) {
    return switch (name) {
      case "h" -> Unit.H;
      case "m" -> Unit.M;
      case "s" -> Unit.S;
      case "ms" -> Unit.MS;
      case "us", "µs" -> Unit.US;
      default -> null;
    };
  }

  /** As it can be written in a file: {@code 5s}, {@code 1m30s}, {@code 250ms}. */
  public static String exact(Duration duration) {
    if (duration.isZero()) return "0s";
    StringBuilder text = new StringBuilder();
    long nanos = duration.toNanos();
    for (Unit unit : Unit.values()) {
      long one = unit.nanos.longValue();
      if (nanos >= one) text.append(nanos / one).append(unit.name().toLowerCase(Locale.ROOT));
      nanos %= one;
    }
    return text.isEmpty() ? "0s" : text.toString();
  }

  /** To the digits that a reader can use: {@code 12.3ms}, {@code 2.0s}, {@code 1m30s}. */
  public static String show(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos < 1_000_000) return nanos / 1_000 + "µs";
    if (nanos < 1_000_000_000) return decimal(nanos / 1e6) + "ms";
    // Rounded first, so that 59.96 s is not shown as 60.0s.
    long tenths = Math.round(nanos / 1e8);
    if (tenths < 600) return decimal(tenths / 10.0) + "s";
    long seconds = Math.round(nanos / 1e9);
    if (seconds < 3_600) return seconds / 60 + "m" + seconds % 60 + "s";
    return seconds / 3_600 + "h" + seconds / 60 % 60 + "m" + seconds % 60 + "s";
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
