package dev.lanyard.app.server;

import dev.lanyard.app.input.Durations;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long tasks are kept that have ended.
 *
 * @param completed those that completed or were cancelled; null for ever
 * @param failed those that failed or timed out; null for ever
 */
record Retention(@Nullable Duration completed, @Nullable Duration failed) {
  static final String EXPECTED =
      "a duration such as 24h, two of them (completed and cancelled, failed and timed out) such as"
          + " 24h,168h, or forever";

  private static final String FOR_EVER = "forever";

  /** Empty when the text is none. */
  static Optional<Retention> parse(String text) {
    String[] parts = text.split(",", -1);
    String first = parts[0].strip();
    String last = parts[parts.length - 1].strip();
    if (parts.length > 2 || !isOne(first) || !isOne(last)) return Optional.empty();
    return Optional.of(new Retention(one(first), one(last)));
  }

  private static boolean isOne(String text) {
    return text.equals(FOR_EVER)
        || Durations.parse(text)
            .filter(duration -> duration.compareTo(SettingsReader.SHORTEST) >= 0)
            .isPresent();
  }

  private static @Nullable Duration one(String text) {
    return Durations.parse(text).orElse(null);
  }
}
