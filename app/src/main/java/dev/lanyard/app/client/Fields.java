package dev.lanyard.app.client;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object of the server. A field that is absent, null, or of another type than was asked
 * for is the same: a newer server may leave out or change what an older one said.
 */
record Fields(Map<?, ?> map) {
  static final Fields NONE = new Fields(Map.of());

  static Fields of(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? new Fields(map) : NONE;
  }

  @Nullable Object get(String name) {
    return map.get(name);
  }

  @Nullable String text(String name) {
    return map.get(name) instanceof String text ? text : null;
  }

  String text(String name, String otherwise) {
    return map.get(name) instanceof String text ? text : otherwise;
  }

  @Nullable Number number(String name) {
    return map.get(name) instanceof Number number ? number : null;
  }

  long number(String name, long otherwise) {
    return map.get(name) instanceof Number number ? number.longValue() : otherwise;
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(map.get(name));
  }

  @Nullable Instant moment(String name) {
    try {
      return map.get(name) instanceof String text ? Instant.parse(text) : null;
    } catch (DateTimeException _) {
      return null;
    }
  }

  Fields object(String name) {
    return of(map.get(name));
  }

  List<Fields> objects(String name) {
    List<Fields> objects = new ArrayList<>();
    if (map.get(name) instanceof List<?> items) {
      for (Object item : items) objects.add(of(item));
    }
    return objects;
  }
}
