package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.http.RequestEnd;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamTest {
  private static Served serve(EventStream.Source source) {
    return new Served(router -> router.get("/events").handler(EventStream.on(source)));
  }

  private static String whole(Served served, String... headers) throws IOException {
    try (Wire wire = Wire.to(served)) {
      Answer answer = wire.get("/events", headers).answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
      assertThat(answer.header("Cache-Control")).contains("no-cache");
      return answer.body();
    }
  }

  /** As the HTML standard says that a browser reads it. */
  private static List<String> dataOf(String stream) {
    List<String> events = new ArrayList<>();
    var data = new StringBuilder();
    for (String line : stream.split("\r\n|\r|\n", -1)) {
      if (line.isEmpty() && !data.isEmpty()) {
        events.add(data.substring(0, data.length() - 1));
        data.setLength(0);
      } else if (line.startsWith("data: ")) {
        data.append(line.substring(6)).append('\n');
      } else if (line.startsWith("data:")) {
        data.append(line.substring(5)).append('\n');
      }
    }
    return events;
  }

  @Test
  @DisplayName("events have an id, a name and lines of data, and the stream ends with its source")
  void wholeStream() throws Exception {
    try (Served served =
        serve((ctx, events) -> {
          events.retryAfter(Duration.ofSeconds(3));
          events.send("a");
          events.send(events.lastEventId() + "+", "price", "b\nc");
        })) {
      assertThat(whole(served, "Last-Event-ID: 7"))
          .isEqualTo("retry: 3000\n\ndata: a\n\nid: 7+\nevent: price\ndata: b\ndata: c\n\n");
      assertThat(served.nextCompleted().cause()).isInstanceOf(RequestEnd.Finished.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", " a", "a\n", "\n", "\n\n", "a\n\nb", ":a", "data: a", "é\u2028"})
  @DisplayName("data arrives as it was sent, also its empty lines")
  void intact(String data) throws Exception {
    try (Served served = serve((ctx, events) -> events.send(data))) {
      assertThat(dataOf(whole(served))).containsExactly(data);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\rb", "a\0"})
  @DisplayName("an id or a name that would break out of its line is refused")
  void injection(String hostile) throws Exception {
    try (Served served =
        serve((ctx, events) -> {
          assertThatThrownBy(() -> events.send(hostile, null, ""))
              .isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> events.send(null, hostile, ""))
              .isInstanceOf(IllegalArgumentException.class);
          events.send("after");
        })) {
      assertThat(whole(served)).isEqualTo("data: after\n\n");
    }
  }

  @Test
  @DisplayName("a source that fails breaks the stream off, so that the client comes again")
  void brokenOff() throws Exception {
    try (Served served =
            serve((ctx, events) -> {
              events.send("a");
              throw new IllegalStateException("in the middle");
            });
        Wire wire = Wire.to(served)) {
      wire.get("/events");
      assertThatThrownBy(wire::answer).isInstanceOf(EOFException.class);
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName(
      "while nothing is sent comments go out, so that no limit of idleness ends the stream")
  void heartbeat() throws Exception {
    var waiting = new Waiting();
    var limits =
        Limits.standard()
            .withIdle(Duration.ofSeconds(4))
            .withTotal(Duration.ofMillis(50))
            .withAnswer(Duration.ofMillis(1));
    try (var served =
            new Served(
                limits,
                router ->
                    router
                        .get("/events")
                        .handler(EventStream.on((ctx, events) -> waiting.await(ctx))));
        Wire wire = Wire.to(served)) {
      wire.get("/events");
      while (!wire.line().isEmpty()) {}
      for (int i = 0; i < 4; i++) assertThat(wire.chunk()).isEqualTo(":\n\n");
      wire.cut();
      assertThat(waiting.cause()).isInstanceOf(RequestEnd.ClientGone.class);
    }
  }

  @Test
  @DisplayName("events arrive while the source waits for the next one")
  void oneByOne() throws Exception {
    BlockingQueue<String> source = new LinkedBlockingQueue<>();
    try (Served served =
            serve((ctx, events) -> {
              while (!ctx.isDone()) events.send(source.take());
            });
        Wire wire = Wire.to(served)) {
      wire.get("/events");
      while (!wire.line().isEmpty()) {}
      for (int i = 0; i < 20; i++) {
        source.add("event " + i);
        assertThat(wire.chunk()).isEqualTo("data: event " + i + "\n\n");
      }
      wire.cut();
      assertThat(served.nextCompleted().cause()).isInstanceOf(RequestEnd.ClientGone.class);
      source.add("for nobody");
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("a stream to which its client does not listen is given up after the limit 'write'")
  void notRead() throws Exception {
    Limits limits = Limits.standard().withWrite(Duration.ofMillis(100));
    var waiting = new Waiting();
    try (var served =
            new Served(
                limits,
                router ->
                    router
                        .get("/events")
                        .handler(
                            EventStream.on((ctx, events) -> {
                              try {
                                while (true) events.send("x".repeat(100_000));
                              } finally {
                                waiting.await(ctx);
                              }
                            })));
        Wire wire = Wire.to(served)) {
      wire.get("/events");
      assertThat(waiting.cause())
          .isInstanceOf(RequestEnd.ClientGone.class)
          .hasMessageContaining("took nothing");
      assertThat(served.nextCompleted().cause()).isInstanceOf(RequestEnd.ClientGone.class);
      assertThat(wire.isClosedByServer()).isTrue();
    }
  }
}
