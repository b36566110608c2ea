package dev.lanyard.app.server;

import dev.lanyard.durable.StoredTask;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What a command printed, as its result has it. */
final class Output {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Output() {}

  /** Null if it is no command, has not ended, or what it printed is not kept. */
  static @Nullable String of(StoredTask task) {
    String result = task.result();
    if (!task.kind().equals("exec") || result == null) return null;
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
