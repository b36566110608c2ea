package dev.lanyard.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.lanyard.context.Context;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import dev.lanyard.databases.Postgres;
import dev.lanyard.testing.Eventually;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;

/** The whole road of an order, with a real database, to its end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrdersTest {
  private static final String APPLICATION = "orders-test";

  private final RootContext root = Context.root(TimeSource.system());
  private final TraceTree trace = new TraceTree();
  private final OpenTelemetry telemetry = Telemetry.with(trace);
  private final Postgres postgres = Postgres.shared();
  private final Lines lines = new Lines();
  private final Queue<String> letters = new ConcurrentLinkedQueue<>();
  private final HttpClient browser = HttpClient.newHttpClient();

  private volatile CountDownLatch postIsOpen = new CountDownLatch(0);
  private Shop shop;

  /** Every line that the example logs, as it would be written. */
  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final Queue<ILoggingEvent> all = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent line) {
      line.prepareForDeferredProcessing();
      if (line.getLoggerName().startsWith("dev.lanyard.examples")) all.add(line);
    }
  }

  @BeforeAll
  void open() throws SQLException {
    shop = new Shop(root, postgres.dataSource(APPLICATION), telemetry, this::deliver);
    var loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    lines.setContext(loggers);
    lines.start();
    loggers.getLogger("ROOT").addAppender(lines);
  }

  @AfterAll
  void close() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("ROOT").detachAppender(lines);
    shop.close();
    browser.shutdownNow();
  }

  @BeforeEach
  void clear() {
    letters.clear();
    lines.all.clear();
  }

  /** What it still logs would be taken for lines of the next test. */
  @AfterEach
  void awaitRest() {
    Eventually.holds("no order is under way", () -> shop.orders().requests().underWay() == 0);
    Eventually.holds("no look at the stock", () -> shop.inventory().requests().underWay() == 0);
  }

  private void deliver(Context ctx, String to, String text) throws InterruptedException {
    postIsOpen.await();
    ctx.throwIfDone();
    letters.add(to + ": " + text);
  }

  private HttpResponse<String> order(String token, String body) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + shop.orders().port() + "/orders"))
            .header("Authorization", token)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private List<String> running() throws SQLException {
    return postgres.running(APPLICATION);
  }

  private int count(String table) throws SQLException {
    try (Connection connection = postgres.dataSource("observer").getConnection();
        Statement select = connection.createStatement();
        ResultSet rows = select.executeQuery("select count(*) from " + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void anOrderIsCheckedPaidWrittenAndConfirmed() throws Exception {
    int before = count("orders");
    HttpResponse<String> answer = order("ada-token", "{\"item\": \"tea\", \"quantity\": 2}");
    assertThat(answer.body()).contains("\"cents\":700");
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(count("orders")).isEqualTo(before + 1);
    Eventually.holds("both letters", () -> letters.size() == 2);
    Eventually.holds("their lines, or another test would find them", () -> linesOfLetters() == 2);
    assertThat(letters)
        .anyMatch(letter -> letter.startsWith("ada: We have received"))
        .anyMatch(letter -> letter.endsWith("is on its way"));
  }

  @Test
  void noMeansNoAndNothingIsWritten() throws Exception {
    int before = count("orders");
    assertThat(order("nobody", "{\"item\": \"tea\"}").statusCode()).isEqualTo(401);
    assertThat(order("bob-token", "{\"item\": \"tea\"}").statusCode()).isEqualTo(402);
    assertThat(order("ada-token", "{\"item\": \"unicorn\"}").statusCode()).isEqualTo(409);
    assertThat(order("ada-token", "tea please").statusCode()).isEqualTo(400);
    assertThat(count("orders")).isEqualTo(before);
  }

  @Test
  void allStopsWhenTheCustomerLeaves() throws Exception {
    postIsOpen = new CountDownLatch(1);
    long goneBefore = shop.inventory().requests().counts().clientGone();
    int ordersBefore = count("orders");
    try (Connection accounting = postgres.dataSource("accounting").getConnection();
        Statement lock = accounting.createStatement()) {
      accounting.setAutoCommit(false);
      lock.execute("select * from account for update");
      String body = "{\"item\": \"rare\"}";
      String request =
          "POST /orders HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: customer-7\r\nAuthorization: ada-token\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), shop.orders().port())) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        Eventually.holds("the query waits", () -> running().toString().contains("for share"));
        Eventually.holds("the inventory looks", () -> shop.inventory().requests().underWay() == 1);
        assertThat(running()).singleElement().asString().contains("for share");
      } // the customer leaves

      Eventually.holds("the query is gone while the lock is still held", () -> running().isEmpty());
      Eventually.holds(
          "the inventory was told",
          () -> shop.inventory().requests().counts().clientGone() == goneBefore + 1);
      Eventually.holds("no request is under way", () -> shop.orders().requests().underWay() == 0);
      accounting.rollback();
    }
    assertThat(letters).as("the post is still closed").isEmpty();
    postIsOpen.countDown();
    Eventually.holds("the letter that was begun is sent", () -> letters.size() == 1);
    assertThat(count("orders")).isEqualTo(ordersBefore);

    Eventually.holds("nothing stays linked", () -> root.listening().isEmpty());
    Eventually.holds(
        "the pool has all of its connections back",
        () -> shop.pool().getHikariPoolMXBean().getActiveConnections() == 0);

    Eventually.holds(
        "the line of the letter", () -> lines.all.stream().anyMatch(this::isOfTheLetter));
    assertThat(lines.all)
        .hasSizeGreaterThanOrEqualTo(5)
        .allSatisfy(
            line -> assertThat(line.getMDCPropertyMap()).containsEntry("requestId", "customer-7"));
    String traceId = Objects.requireNonNull(lines.all.element().getMDCPropertyMap().get("traceId"));
    assertThat(lines.all)
        .allSatisfy(line -> assertThat(line.getMDCPropertyMap()).containsEntry("traceId", traceId));

    Eventually.holds("five spans or more", () -> spans(traceId).size() >= 6);
    // Both checks begin at once, so either may stand first; and the exchange ends by its context or
    // by
    // its thread being told to stop, whichever is first.
    assertThat(
            trace
                .print(traceId)
                .lines()
                .map(OrdersTest::withoutMillis)
                .map(line -> line.startsWith("    client GET") ? "    client GET" : line))
        .containsExactlyInAnyOrder(
            "trace " + traceId,
            "  server POST /orders  ✗ cancelled",
            "    client select customer from login where token = ?",
            "    internal mail",
            "    client GET",
            "      server GET /stock/:item  ✗ cancelled",
            "    client select cents from account where customer = ? for share  ✗ cancelled");
    assertThat(spans(traceId)).filteredOn(span -> span.getKind() == SpanKind.SERVER).hasSize(2);
  }

  private long linesOfLetters() {
    return lines.all.stream().filter(this::isOfTheLetter).count();
  }

  private boolean isOfTheLetter(ILoggingEvent line) {
    return line.getLoggerName().endsWith(".Mail");
  }

  private List<SpanData> spans(String traceId) {
    return trace.spans().stream().filter(span -> span.getTraceId().equals(traceId)).toList();
  }

  private static String withoutMillis(String line) {
    return line.replaceFirst("  \\d+\\.\\d ms", "");
  }
}
