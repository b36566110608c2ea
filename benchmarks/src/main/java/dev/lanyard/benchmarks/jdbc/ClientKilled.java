package dev.lanyard.benchmarks.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lanyard.benchmarks.Spread;
import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.databases.Postgres;
import dev.lanyard.jdbc.ContextDataSource;
import dev.lanyard.vertx.Blocking;
import dev.lanyard.vertx.Limits;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A server whose handler waits for a query of half a minute; curl asks it and is killed. From then
 * on {@code pg_stat_activity} is asked again and again until the query is gone.
 */
final class ClientKilled {
  private static final String APPLICATION = "killed";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final TimeSource TIME = TimeSource.system();

  private final int times;

  ClientKilled(int times) {
    this.times = times;
  }

  /** A table in Markdown. */
  String table() throws SQLException, IOException, InterruptedException {
    Postgres postgres = Postgres.shared();
    var config = new HikariConfig();
    config.setDataSource(postgres.dataSource(APPLICATION));
    config.setMaximumPoolSize(4);
    Vertx vertx = Vertx.vertx();
    try (var pool = new HikariDataSource(config);
        Connection observer = postgres.dataSource("observer").getConnection()) {
      int port = serve(vertx, ContextDataSource.wrap(pool));
      List<Double> millis = new ArrayList<>();
      Set<Integer> backends = new HashSet<>();
      for (int i = -5; i < times; i++) {
        double each = kill(port, observer, backends);
        if (i >= 0) millis.add(each);
      }
      return row(millis, pool, backends);
    } finally {
      vertx.close().await();
    }
  }

  private static String row(List<Double> millis, HikariDataSource pool, Set<Integer> backends) {
    Collections.sort(millis);
    var beans = pool.getHikariPoolMXBean();
    return "| killed | least ms | median | p99 | most | connections of the pool afterwards | idle | backends used in all |\n"
        + "|---:|---:|---:|---:|---:|---:|---:|---:|\n"
        + String.format(
            Locale.ROOT,
            "| %d | %s | %s | %s | %s | %d | %d | %d |%n",
            millis.size(),
            Spread.figure(millis.getFirst()),
            Spread.figure(Spread.of(millis).median()),
            Spread.figure(millis.get((int) Math.ceil(millis.size() * 0.99) - 1)),
            Spread.figure(millis.getLast()),
            beans.getTotalConnections(),
            beans.getIdleConnections(),
            backends.size());
  }

  private static int serve(Vertx vertx, ContextDataSource database) {
    RequestContexts requests = RequestContexts.with(RequestSettings.standard());
    Router router = Router.router(vertx);
    router.route().handler(requests);
    router.get("/report").handler(Blocking.on((ctx, routing) -> report(database, ctx, routing)));
    HttpServer server = vertx.createHttpServer(Limits.standard().options());
    requests.attach(server).requestHandler(router).listen(0, "127.0.0.1").await();
    return server.actualPort();
  }

  private static void report(ContextDataSource database, Context ctx, RoutingContext routing)
      throws SQLException {
    try (Connection connection = database.getConnection(ctx);
        Statement statement = connection.createStatement()) {
      statement.execute("select pg_sleep(30)");
    }
    routing.end("done");
  }

  private static double kill(int port, Connection observer, Set<Integer> backends)
      throws IOException, SQLException, InterruptedException {
    Process curl =
        new ProcessBuilder("curl", "-s", "http://127.0.0.1:" + port + "/report")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (PreparedStatement select =
        observer.prepareStatement(
            "select pid from pg_stat_activity where application_name = ? and state = 'active' and query like 'select pg_sleep%'")) {
      select.setString(1, APPLICATION);
      backends.add(await(select, true));
      long begin = TIME.nanoTime();
      curl.destroyForcibly();
      await(select, false);
      double millis = (TIME.nanoTime() - begin) / 1e6;
      curl.waitFor();
      return millis;
    }
  }

  private static int await(PreparedStatement select, boolean running) throws SQLException {
    long begin = TIME.nanoTime();
    while (TIME.nanoTime() - begin < PATIENCE.toNanos()) {
      try (ResultSet rows = select.executeQuery()) {
        boolean found = rows.next();
        if (found == running) return found ? rows.getInt(1) : 0;
      }
    }
    throw new IllegalStateException(running ? "the query never ran" : "the query never ended");
  }
}
