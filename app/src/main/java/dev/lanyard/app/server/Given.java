package dev.lanyard.app.server;

/**
 * A value and who gave it.
 *
 * @param text as it was written
 * @param origin as messages name it: {@code --workers}, {@code LANYARD_WORKERS}, {@code
 *     serve.yaml:3:10}, {@code default}
 */
record Given(String text, String origin) {
  static final String DEFAULT = "default";
}
