package dev.lanyard.app.input;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Reads what only a store can do with a task: {@code at}, {@code delay}, {@code unique}. */
final class OrderSection {
  private static final int LONGEST_KEY = 200;
  private static final int LAST_YEAR = 9999;

  private OrderSection() {}

  static Order.Terms read(Section task) {
    Instant at = moment(task, "at");
    Duration delay = task.duration("delay");
    Node both = task.node("delay");
    if (both != null && task.has("at")) task.wrong("delay", both, "either \"at\" or \"delay\"");
    return new Order.Terms(at, delay, key(task));
  }

  private static @Nullable Instant moment(Section task, String key) {
    String text = task.text(key);
    Node node = task.node(key);
    if (text == null || node == null) return null;
    try {
      OffsetDateTime moment = OffsetDateTime.parse(text);
      if (moment.getYear() >= 0 && moment.getYear() <= LAST_YEAR) return moment.toInstant();
    } catch (DateTimeException _) {
      // Said below, in words of the file.
    }
    task.wrong(key, node, "a moment such as 2026-12-24T18:00:00Z");
    return null;
  }

  private static @Nullable String key(Section task) {
    String key = task.text("unique");
    Node node = task.node("unique");
    if (key == null || node == null || key.length() <= LONGEST_KEY) return key;
    task.wrong("unique", node, "at most " + LONGEST_KEY + " letters");
    return null;
  }
}
