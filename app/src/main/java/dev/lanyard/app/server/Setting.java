package dev.lanyard.app.server;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What can be set, by an option {@code --name}, a variable {@code LANYARD_NAME} or a line {@code
 * name:} of a file.
 */
enum Setting {
  LISTEN("127.0.0.1:8080"),
  DB(null),
  DB_USER(null),
  DB_PASSWORD(null),
  WORKERS("3"),
  LIMIT(null),
  MAX_TIMEOUT("5s"),
  DRAIN("25s"),
  RETENTION("24h,168h"),
  RATE("500"),
  HOST(null),
  TOKEN(null),
  TOKEN_FILE(null);

  private final @Nullable String usual;

  Setting(@Nullable String usual) {
    this.usual = usual;
  }

  /** As options and files write it: {@code max-timeout}. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** As the environment writes it: {@code LANYARD_MAX_TIMEOUT}. */
  String variable() {
    return "LANYARD_" + name();
  }

  /** Null where there is none, or where it depends on the machine. */
  @Nullable String usual() {
    return usual;
  }

  /** Whether its value is shown to nobody. */
  boolean isSecret() {
    return this == TOKEN || this == DB_PASSWORD;
  }

  /** Those of the environment that hold what is shown to nobody. */
  static Set<String> secretVariables() {
    return Arrays.stream(values())
        .filter(Setting::isSecret)
        .map(Setting::variable)
        .collect(Collectors.toUnmodifiableSet());
  }
}
