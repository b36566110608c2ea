package dev.lanyard.app.server;

import dev.lanyard.durable.StoredTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a command printed: all that is kept of it if it succeeded, the last lines if it did not
 * (those are in its error).
 */
final class Output {
  private static final JsonFactory FACTORY = new JsonFactory();

  private static final Pattern FAILURE = Pattern.compile("exit code \\d+: (.+)", Pattern.DOTALL);

  private Output() {}

  /** Null if it is no command, has not ended, or what it printed is not kept. */
  static @Nullable String of(StoredTask task) {
    if (!task.kind().equals("exec")) return null;
    String result = task.result();
    return result == null ? lastLines(task.error()) : text(result);
  }

  private static @Nullable String lastLines(@Nullable String error) {
    Matcher matcher = FAILURE.matcher(error == null ? "" : error);
    return matcher.matches() ? matcher.group(1) + "\n" : null;
  }

  private static @Nullable String text(String result) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), result)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) return null;
      String text = null;
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean wanted = parser.currentName().equals("text");
        JsonToken value = parser.nextToken();
        if (wanted && value == JsonToken.VALUE_STRING) text = parser.getString();
        else parser.skipChildren();
      }
      return text;
    }
  }
}
