package dev.lanyard.examples.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import dev.lanyard.databases.Postgres;
import dev.lanyard.testing.Eventually;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A table of items in PostgreSQL, and a pool with the wrapper above or below it. To write an item
 * named {@code slow}, or to shout that word, takes ten minutes.
 */
final class Store implements AutoCloseable {
  /** A row at once, and one after ten minutes. */
  static final String SLOW_ROWS = "select 'first' union all (select 'second' from pg_sleep(600))";

  private final RootContext root = Context.root(TimeSource.system());
  private final Postgres server = Postgres.shared();
  private final String name = "store" + UUID.randomUUID().toString().substring(0, 8);
  private final PGSimpleDataSource driver = server.dataSource(name);
  private final HikariDataSource pool;
  private final DataSource dataSource;

  Store(Place place) throws SQLException {
    try (Connection connection = server.dataSource("setup").getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          create schema %1$s;
          set search_path = %1$s;
          create table item (id bigint generated always as identity primary key, name text);
          create function shout(word text) returns text language plpgsql as $$
            begin
              if word = 'slow' then perform pg_sleep(600); end if;
              return upper(word);
            end $$;
          create function loud() returns trigger language plpgsql as $$
            begin perform %1$s.shout(new.name); return new; end $$;
          create trigger loud before insert or update on item for each row execute function loud();
          """
              .formatted(name));
    }
    driver.setCurrentSchema(name);
    pool = place.pool(driver);
    dataSource = place.over(pool);
  }

  DataSource dataSource() {
    return dataSource;
  }

  /** The names of all items that were committed, in their order. */
  List<String> names() throws SQLException {
    try (Connection connection = driver.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select array_agg(name order by id) from item")) {
      row.next();
      var names = row.getArray(1);
      return names == null ? List.of() : List.of((String[]) names.getArray());
    }
  }

  /** Runs work in a context that lives on. */
  <T extends @Nullable Object> T live(Work<T> work) throws Exception {
    try (CancellableContext context = root.withCancel()) {
      return context.<T, Exception>call(work::run);
    }
  }

  /**
   * Runs work, and cancels its context once the server has come to the slow part. The work ends
   * with it, the statement is gone from the server, and the pool keeps its connections.
   *
   * @return what the library that was used has made of it
   */
  Throwable endedInTheMiddle(Work<?> work) throws SQLException {
    try (CancellableContext context = root.withCancel()) {
      var outcome = new CompletableFuture<Throwable>();
      Thread.ofVirtual().start(() -> outcome.complete(failure(context, work)));
      Eventually.holds("the slow part has begun", () -> !server.sleeping(name).isEmpty());
      List<String> before = server.backends(name);
      var left = new IllegalStateException("the client has left");
      context.cancel(left);
      Throwable thrown = outcome.orTimeout(30, TimeUnit.SECONDS).join();
      assertThat(endOfContext(thrown)).hasCause(left);
      assertThat(server.running(name)).isEmpty();
      assertThat(server.idleInTransaction(name)).isEmpty();
      assertThat(server.backends(name)).containsAll(before);
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
      return thrown;
    }
  }

  private static Throwable failure(Context context, Work<?> work) {
    try {
      Object result = context.<@Nullable Object, Exception>call(work::run);
      return new AssertionError("it came to its end: " + result);
    } catch (Throwable thrown) {
      return thrown;
    }
  }

  /** Libraries wrap what they are thrown. */
  private static Throwable endOfContext(Throwable thrown) {
    Throwable each = thrown;
    while (each != null && !(each instanceof ContextException)) each = each.getCause();
    if (each == null) throw new AssertionError("no context has ended this", thrown);
    return each;
  }

  @Override
  public void close() {
    pool.close();
    assertThat(root.listening()).as("what stays linked").isEmpty();
  }

  /** What is done with a library. */
  interface Work<T extends @Nullable Object> {
    T run() throws Exception;
  }
}
