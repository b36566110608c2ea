package dev.lanyard.examples.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.jdbc.ContextDataSource;
import javax.sql.DataSource;

/** Where the wrapper stands. */
enum Place {
  /** Then the wait for a connection ends as well. */
  ABOVE_THE_POOL,
  BELOW_THE_POOL;

  HikariDataSource pool(DataSource driver) {
    var config = new HikariConfig();
    config.setDataSource(this == BELOW_THE_POOL ? ContextDataSource.wrap(driver) : driver);
    config.setMaximumPoolSize(2);
    return new HikariDataSource(config);
  }

  DataSource over(HikariDataSource pool) {
    return this == ABOVE_THE_POOL ? ContextDataSource.wrap(pool) : pool;
  }
}
