package dev.lanyard.tasks;

import java.time.Duration;

/** Texts for people. */
final class Wording {
  private Wording() {}

  /** {@code 250ms}, {@code 1.5s}, {@code 2m3s}. */
  static String duration(Duration duration) {
    if (duration.isNegative()) return "-" + duration(duration.negated());
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() > 0
          ? duration.toMillis() + "ms"
          : duration.toNanos() / 1000 + "µs";
    }
    long minutes = duration.toMinutes();
    int tenths = duration.toMillisPart() / 100;
    String seconds = duration.toSecondsPart() + (tenths == 0 ? "s" : "." + tenths + "s");
    if (minutes == 0) return seconds;
    return minutes < 60
        ? minutes + "m" + seconds
        : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
  }

  /** The first line of what a failure says, or its class. */
  static String failure(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }
}
