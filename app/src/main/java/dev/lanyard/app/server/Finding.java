package dev.lanyard.app.server;

import dev.lanyard.app.input.Visible;

/** What one look at the machine has shown. */
record Finding(Level level, String what, String text) {
  enum Level {
    GOOD("✅"),
    /** It works without. */
    LACKING("⚠️ "),
    MISSING("❌");

    private final String sign;

    Level(String sign) {
      this.sign = sign;
    }
  }

  static Finding good(String what, String text) {
    return new Finding(Level.GOOD, what, text);
  }

  static Finding lacking(String what, String text) {
    return new Finding(Level.LACKING, what, text);
  }

  static Finding missing(String what, String text) {
    return new Finding(Level.MISSING, what, text);
  }

  boolean isFatal() {
    return level == Level.MISSING;
  }

  String line() {
    return level.sign + " " + String.format("%-15s", what) + " " + Visible.of(text);
  }
}
