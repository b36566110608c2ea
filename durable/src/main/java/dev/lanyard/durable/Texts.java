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

  /** What a failure says, or its class if it says nothing. */
  static String failure(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }
}
