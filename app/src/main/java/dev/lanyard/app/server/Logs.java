package dev.lanyard.app.server;

import java.util.logging.Level;
import java.util.logging.Logger;

/** What goes to standard error beside what the program says itself. */
final class Logs {
  /** The root is kept by the JDK: others would be forgotten with their levels. */
  private static final Logger ROOT = Logger.getLogger("");

  private Logs() {}

  /** Libraries tell each step of their start; on one line each, only what is wrong is of use. */
  static void onlyOfTrouble() {
    if (System.getProperty("java.util.logging.config.file") != null) return; // somebody wants more
    System.setProperty(
        "java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL %4$s %3$s: %5$s%6$s%n");
    ROOT.setLevel(Level.WARNING);
  }
}
