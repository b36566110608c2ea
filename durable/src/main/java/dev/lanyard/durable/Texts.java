package dev.lanyard.durable;

import org.jspecify.annotations.Nullable;

/** Texts that must fit into columns and lines. */
final class Texts {
  private Texts() {}

  /** At most so many letters; PostgreSQL takes no letter NUL. */
  static @Nullable String cut(@Nullable String text, int letters) {
    return text == null ? null : cutSome(text, letters);
  }

  static String cutSome(String text, int letters) {
    String clean = text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    if (clean.length() <= letters) return clean;
    int end = Character.isHighSurrogate(clean.charAt(letters - 1)) ? letters - 1 : letters;
    return clean.substring(0, end);
  }

  /** A URL without what may be a secret in it. */
  static String withoutSecrets(String jdbcUrl) {
    int query = jdbcUrl.indexOf('?');
    String place = query < 0 ? jdbcUrl : jdbcUrl.substring(0, query);
    int user = place.lastIndexOf('@');
    int slashes = place.indexOf("//");
    return user < 0 || slashes < 0 || user < slashes
        ? place
        : place.substring(0, slashes + 2) + place.substring(user + 1);
  }

  /** What a failure says, or its class if it says nothing. */
  static String failure(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }
}
