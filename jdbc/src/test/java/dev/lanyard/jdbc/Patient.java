package dev.lanyard.jdbc;

import java.time.Duration;

/** For tests in which a connection must survive, also on a machine that stalls for seconds. */
final class Patient {
  static final JdbcSettings SETTINGS = JdbcSettings.defaults().withGrace(Duration.ofSeconds(50));

  private Patient() {}
}
