package dev.lanyard.durable;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Payloads and results as JSON, and back. */
final class Codec {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Codec() {}

  static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JacksonException failed) {
      throw new IllegalArgumentException(
          "a " + value.getClass().getName() + " cannot be written as JSON: " + failed.getMessage(),
          failed);
    }
  }

  static @Nullable String writeSome(@Nullable Object value) {
    return value == null ? null : write(value);
  }

  static <P> P read(String json, Class<P> type) {
    try {
      return Objects.requireNonNull(JSON.readValue(json, type), "the payload is null");
    } catch (JacksonException failed) {
      throw new IllegalArgumentException(
          "the payload is no " + type.getName() + ": " + failed.getOriginalMessage(), failed);
    }
  }
}
