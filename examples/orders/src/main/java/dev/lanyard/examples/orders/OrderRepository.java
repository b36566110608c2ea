package dev.lanyard.examples.orders;

import dev.lanyard.context.Context;
import dev.lanyard.jdbc.ContextDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The layer that speaks SQL. */
final class OrderRepository {
  private static final Logger LOG = LoggerFactory.getLogger(OrderRepository.class);

  private final ContextDataSource database;

  OrderRepository(ContextDataSource database) {
    this.database = database;
  }

  void createTables() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement create = connection.createStatement()) {
      create.execute("create table account (customer text primary key, cents int not null)");
      create.execute("create table login (token text primary key, customer text not null)");
      create.execute(
          "create table orders (id bigserial primary key, customer text not null, item text not null, quantity int not null, cents int not null)");
      create.execute("insert into account values ('ada', 10000), ('bob', 50)");
      create.execute("insert into login values ('ada-token', 'ada'), ('bob-token', 'bob')");
    }
  }

  String customer(Context ctx, String token) throws SQLException, OrderRejectedException {
    try (Connection connection = database.getConnection(ctx);
        PreparedStatement select =
            connection.prepareStatement("select customer from login where token = ?")) {
      select.setString(1, token);
      try (ResultSet rows = select.executeQuery()) {
        if (!rows.next()) throw new OrderRejectedException(401, "log in first");
        return rows.getString(1);
      }
    }
  }

  // @start region="repository"
  /** Waits for whoever is changing the account. */
  int credit(Context ctx, String customer) throws SQLException {
    try (Connection connection = database.getConnection(ctx);
        PreparedStatement select =
            connection.prepareStatement("select cents from account where customer = ? for share")) {
      select.setString(1, customer);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? rows.getInt(1) : 0;
      }
    } catch (SQLException failed) {
      LOG.info("credit: {}", failed.getMessage());
      throw failed;
    }
  }

  // @end

  Order payAndWrite(Context ctx, String customer, Order.Draft draft, int cents)
      throws SQLException, OrderRejectedException {
    try (Connection connection = database.getConnection(ctx)) {
      connection.setAutoCommit(false);
      try (PreparedStatement pay =
              connection.prepareStatement(
                  "update account set cents = cents - ? where customer = ? and cents >= ?");
          PreparedStatement write =
              connection.prepareStatement(
                  "insert into orders (customer, item, quantity, cents) values (?, ?, ?, ?)",
                  Statement.RETURN_GENERATED_KEYS)) {
        pay.setInt(1, cents);
        pay.setString(2, customer);
        pay.setInt(3, cents);
        if (pay.executeUpdate() == 0) throw new OrderRejectedException(402, "not enough credit");
        write.setString(1, customer);
        write.setString(2, draft.item());
        write.setInt(3, draft.quantity());
        write.setInt(4, cents);
        write.executeUpdate();
        try (ResultSet keys = write.getGeneratedKeys()) {
          keys.next();
          long id = keys.getLong(1);
          connection.commit();
          return new Order(id, customer, draft.item(), draft.quantity(), cents);
        }
      } finally {
        // After a commit there is nothing to roll back; after anything else there is.
        connection.rollback();
      }
    }
  }
}
