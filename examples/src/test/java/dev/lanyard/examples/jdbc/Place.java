package dev.lanyard.examples.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.jdbc.ContextDataSource;
import dev.lanyard.jdbc.JdbcSettings;
import java.time.Duration;
import javax.sql.DataSource;

/** Where the wrapper stands. */
enum Place {
  /** Then the wait for a connection ends as well. */
  ABOVE_THE_POOL,
  BELOW_THE_POOL;

  /** So that no connection is given up on a machine that stalls for seconds. */
  private static final JdbcSettings PATIENT =
      JdbcSettings.defaults().withGrace(Duration.ofSeconds(50));

  HikariDataSource pool(DataSource driver) {
    var config = new HikariConfig();
    config.setDataSource(
        this == BELOW_THE_POOL ? ContextDataSource.wrap(driver).with(PATIENT) : driver);
    config.setMaximumPoolSize(2);
    return new HikariDataSource(config);
  }

  DataSource over(HikariDataSource pool) {
    return this == ABOVE_THE_POOL ? ContextDataSource.wrap(pool).with(PATIENT) : pool;
  }
}
