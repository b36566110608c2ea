package dev.lanyard.benchmarks.tasks;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** One row in each transaction, and nothing else: what the database itself can do. */
final class PlainInserts implements Contender {
  private final HikariDataSource pool;

  private PlainInserts(HikariDataSource pool) {
    this.pool = pool;
  }

  static Contender open(Place place) throws SQLException {
    Place.execute(
        place.plain(), "create table plain (id varchar(64) primary key, payload text not null)");
    return new PlainInserts(place.pool());
  }

  @Override
  public void submit() throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement insert = connection.prepareStatement("insert into plain values (?, ?)")) {
      insert.setString(1, UUID.randomUUID().toString());
      insert.setString(2, "{}");
      insert.executeUpdate();
    }
    Bodies.run();
  }

  @Override
  public boolean ended(int tasks) {
    return true;
  }

  @Override
  public void close() {
    pool.close();
  }
}
