package dev.lanyard.benchmarks.tasks;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Flyway tells each step of each migration on the console, which is for the tables. */
final class Silence {
  /** Held, as a logger that nobody holds forgets its level. */
  private static final Logger MIGRATIONS = Logger.getLogger("org.flywaydb");

  private Silence() {}

  static void begin() {
    MIGRATIONS.setLevel(Level.WARNING);
  }
}
