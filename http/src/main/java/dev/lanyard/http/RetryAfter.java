package dev.lanyard.http;

import dev.lanyard.context.Deadline;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The header {@code Retry-After} (RFC 9110, 10.2.3): seconds, or a date in one of three forms. */
final class RetryAfter {
  private static final int MOST_DIGITS = 9;

  /** RFC 9110, 5.6.7. Years of two digits are those around now: 1970 to 2069. */
  private static final List<DateTimeFormatter> DATES =
      List.of(
          form("EEE, dd MMM yyyy HH:mm:ss 'GMT'"),
          new DateTimeFormatterBuilder()
              .parseCaseInsensitive()
              .appendPattern("EEEE, dd-MMM-")
              .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
              .appendPattern(" HH:mm:ss 'GMT'")
              .toFormatter(Locale.US)
              .withZone(ZoneOffset.UTC),
          form("EEE MMM ppd HH:mm:ss yyyy"));

  private RetryAfter() {}

  /**
   * How long to wait from now on. A date is compared with the {@code Date} of the same response
   * where it has one: the clocks of two machines differ.
   */
  static Optional<Duration> of(HttpHeaders headers) {
    return headers
        .firstValue("Retry-After")
        .map(String::strip)
        .flatMap(value -> read(value, headers));
  }

  private static Optional<Duration> read(String value, HttpHeaders headers) {
    if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      // Longer numbers are no different: nobody waits for decades.
      return Optional.of(
          Duration.ofSeconds(
              value.length() > MOST_DIGITS ? Integer.MAX_VALUE : Long.parseLong(value)));
    }
    return date(value).map(when -> until(when, headers)).map(RetryAfter::notNegative);
  }

  private static Duration until(Instant when, HttpHeaders headers) {
    return headers
        .firstValue("Date")
        .flatMap(RetryAfter::date)
        .map(now -> Duration.between(now, when))
        .orElseGet(() -> Deadline.at(when).remaining());
  }

  private static Duration notNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  private static Optional<Instant> date(String value) {
    for (DateTimeFormatter form : DATES) {
      try {
        return Optional.of(form.parse(value, Instant::from));
      } catch (DateTimeException notThisForm) {
        // The next one.
      }
    }
    return Optional.empty();
  }

  private static DateTimeFormatter form(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        .toFormatter(Locale.US)
        .withZone(ZoneOffset.UTC);
  }
}
