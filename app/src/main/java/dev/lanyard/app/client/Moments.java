package dev.lanyard.app.client;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Moments as people say them: seen from now, in the largest unit that fits. */
final class Moments {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private Moments() {}

  /** {@code now}, {@code 12s ago}, {@code in 5m}. */
  static String show(Instant moment, Instant now) {
    Duration ago = Duration.between(moment, now);
    if (ago.abs().toMillis() < 500) return "now";
    return ago.isNegative() ? "in " + rough(ago.negated()) : rough(ago) + " ago";
  }

  /** {@code 0.8s}, {@code 12s}, {@code 5m}, {@code 3h}, {@code 4d}; never negative. */
  static String rough(Duration duration) {
    long millis = Math.max(0, duration.toMillis());
    long tenths = Math.round(millis / 100.0);
    if (tenths < 100 && tenths % 10 != 0) return tenths / 10 + "." + tenths % 10 + "s";
    long seconds = Math.round(millis / 1e3);
    if (seconds < 120) return seconds + "s";
    if (seconds < 2 * 3_600) return seconds / 60 + "m";
    return seconds < 2 * 86_400 ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
  }

  /** As {@link #rough}, and below a second in milliseconds. */
  static String brief(Duration duration) {
    long millis = Math.max(0, duration.toMillis());
    return millis < 1_000 ? millis + "ms" : rough(duration);
  }

  static String clock(Instant moment, ZoneId zone) {
    return CLOCK.format(moment.atZone(zone));
  }

  static String day(Instant moment, ZoneId zone) {
    return DAY.format(moment.atZone(zone));
  }
}
