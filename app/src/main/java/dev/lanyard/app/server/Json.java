package dev.lanyard.app.server;

import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** How values look in the JSON of the interface. */
final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Json() {}

  /** One object. */
  static String object(Consumer<JsonGenerator> fields) {
    StringWriter text = new StringWriter(512);
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      fields.accept(json);
      json.writeEndObject();
    }
    return text.toString();
  }

  static <T> void array(
      JsonGenerator json, String field, Iterable<T> items, Consumer<? super T> writesItem) {
    json.writeArrayPropertyStart(field);
    for (T item : items) {
      json.writeStartObject();
      writesItem.accept(item);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static String moment(Instant moment) {
    return MOMENT.format(moment);
  }

  static void moment(JsonGenerator json, String field, @Nullable Instant moment) {
    text(json, field, moment == null ? null : moment(moment));
  }

  static void text(JsonGenerator json, String field, @Nullable String text) {
    if (text == null) json.writeNullProperty(field);
    else json.writeStringProperty(field, text);
  }

  static void milliseconds(JsonGenerator json, String field, @Nullable Duration duration) {
    if (duration == null) json.writeNullProperty(field);
    else json.writeNumberProperty(field, duration.toMillis());
  }

  /** A value that is JSON already, as the store has it. */
  static void raw(JsonGenerator json, String field, @Nullable String value) {
    if (value == null) {
      json.writeNullProperty(field);
    } else {
      json.writeName(field);
      json.writeRawValue(value);
    }
  }
}
