package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 7: the stream of events. */
class EventsTest {
  @TempDir Path directory;
  private Served served;

  @BeforeEach
  void serve() throws Exception {
    served = Served.in(directory);
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private record Event(String id, String name, JsonObject data) {}

  /** Reads events until one ends the reading. */
  private final class Stream implements AutoCloseable {
    private final HttpResponse<java.util.stream.Stream<String>> response;
    private final java.util.Iterator<String> lines;

    Stream(String path, String... headers) throws Exception {
      var request = served.request(path).header("Accept", "text/event-stream");
      if (headers.length > 0) request.headers(headers);
      response = served.client.send(request.build(), BodyHandlers.ofLines());
      assertThat(response.statusCode()).isEqualTo(200);
      lines = response.body().iterator();
      assertThat(lines.next()).isEqualTo("retry: 1000");
      assertThat(lines.next()).isEmpty();
    }

    Event next() {
      String id = "";
      String name = "";
      String data = "";
      while (true) {
        String line = lines.next();
        if (line.startsWith("id: ")) id = line.substring(4);
        if (line.startsWith("event: ")) name = line.substring(7);
        if (line.startsWith("data: ")) data = line.substring(6);
        if (line.isEmpty() && !data.isEmpty()) return new Event(id, name, new JsonObject(data));
      }
    }

    Event next(String name) {
      Event event = next();
      while (!event.name.equals(name)) event = next();
      return event;
    }

    @Override
    public void close() {
      response.body().close();
    }
  }

  @Test
  @DisplayName("what happens to a task comes in order, with ids; figures come on their own")
  void live() throws Exception {
    try (Stream stream = new Stream("/api/events")) {
      Event stats = stream.next("stats");
      assertThat(stats.data.getJsonObject("states").getInteger("pending")).isZero();
      String id = served.submit("{\"name\":\"E\",\"sleep\":\"1ms\"}").getString("id");
      List<String> types = new ArrayList<>();
      long last = 0;
      while (types.size() < 3) {
        Event event = stream.next("task");
        assertThat(event.data.getString("task")).isEqualTo(id);
        assertThat(Long.parseLong(event.id)).isGreaterThan(last);
        assertThat(event.data.getLong("id").toString()).isEqualTo(event.id);
        last = Long.parseLong(event.id);
        types.add(event.data.getString("type"));
      }
      assertThat(types).containsExactly("submitted", "started", "completed");
      Event later = stream.next("stats");
      while (later.data.getJsonObject("states").getInteger("completed") == 0)
        later = stream.next("stats");
    }
  }

  @Test
  @DisplayName("a reader that comes again gets what it missed, each once, and then goes on")
  void resume() throws Exception {
    String first = served.submit("{\"name\":\"1\",\"sleep\":\"0\"}").getString("id");
    served.awaitState(first, "completed");
    var story =
        Served.objects(served.json("/api/tasks/" + first + "/events").getJsonArray("events"));
    String seen = story.getFirst().getLong("id").toString();
    try (Stream stream = new Stream("/api/events", "Last-Event-ID", seen)) {
      assertThat(stream.next("task").data.getString("type")).isEqualTo("started");
      assertThat(stream.next("task").data.getString("type")).isEqualTo("completed");
      String second = served.submit("{\"name\":\"2\",\"sleep\":\"0\"}").getString("id");
      Event next = stream.next("task");
      assertThat(next.data.getString("task")).isEqualTo(second);
      assertThat(next.data.getString("type")).isEqualTo("submitted");
    }
    try (Stream stream = new Stream("/api/events?after=" + seen + "&task=" + first)) {
      assertThat(stream.next("task").data.getString("type")).isEqualTo("started");
    }
  }

  @Test
  @DisplayName("a task that waits for another attempt: the event says until when")
  void due() throws Exception {
    try (Stream stream = new Stream("/api/events?state=retrying")) {
      String id =
          served
              .submit(
                  "{\"name\":\"R\",\"exec\":[\"false\"],\"retries\":{\"attempts\":2,\"base\":\"2s\"}}")
              .getString("id");
      JsonObject event = stream.next("task").data;
      JsonObject task = served.task(id);
      assertThat(event.getString("runAt"))
          .isEqualTo(task.getString("runAt"))
          .isNotEqualTo(task.getString("createdAt"));
    }
  }

  @Test
  @DisplayName("an id that nobody can have seen is answered with a reset")
  void reset() throws Exception {
    for (String unknown : List.of("999999", "no-number")) {
      try (Stream stream = new Stream("/api/events", "Last-Event-ID", unknown)) {
        assertThat(stream.next().name).isEqualTo("reset");
      }
    }
  }

  @Test
  @DisplayName("filters let through what they say")
  void filters() throws Exception {
    try (Stream stream = new Stream("/api/events?kind=exec&state=completed")) {
      stream.next("stats");
      served.awaitState(
          served.submit("{\"name\":\"N\",\"sleep\":\"0\"}").getString("id"), "completed");
      String id = served.submit("{\"name\":\"X\",\"exec\":[\"true\"]}").getString("id");
      Event event = stream.next("task");
      assertThat(event.data.getString("task")).isEqualTo(id);
      assertThat(event.data.getString("type")).isEqualTo("completed");
    }
    try (Stream stream = new Stream("/api/events?request=req-2")) {
      stream.next("stats");
      String body = "{\"name\":\"R\",\"sleep\":\"0\"}";
      for (String request : List.of("req-1", "req-2")) {
        served.post("/api/tasks?wait=30s", body, "X-Request-ID", request);
      }
      Event event = stream.next("task");
      assertThat(event.data.getString("requestId")).isEqualTo("req-2");
      assertThat(event.data.getString("type")).isEqualTo("submitted");
    }
    assertThat(served.get("/api/events?stat=x").statusCode()).isEqualTo(400);
  }

  @Test
  @DisplayName("a reader that does not read holds nobody up, and is told what it missed")
  void slowReader() throws Exception {
    served.post("/api/pause", "{}");
    try (Socket slow = new Socket()) {
      slow.setReceiveBufferSize(4096);
      slow.setSoTimeout(30_000);
      slow.connect(
          new java.net.InetSocketAddress(served.address().host(), served.address().port()));
      slow.getOutputStream()
          .write(
              "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.UTF_8));
      InputStream in = slow.getInputStream();
      assertThat(in.read()).isEqualTo('H');
      var many = new StringBuilder("[");
      for (int i = 0; i < 5000; i++) {
        many.append(i == 0 ? "" : ",").append("{\"name\":\"").append("x".repeat(150));
        many.append("\",\"sleep\":\"0\"}");
      }
      String body = many.append("]").toString();
      for (int round = 0; round < 4; round++) served.submitAll(body);
      JsonObject ours = served.submit("{\"name\":\"last\",\"sleep\":\"0\"}");
      assertThat(served.task(ours.getString("id")).getString("name")).isEqualTo("last");
      var text = new StringBuilder();
      byte[] piece = new byte[1 << 16];
      while (text.indexOf("event: dropped\n") < 0) {
        int count = in.read(piece);
        assertThat(count).as("the stream goes on").isPositive();
        if (text.length() > 1 << 17) text.delete(0, 1 << 16);
        text.append(new String(piece, 0, count, StandardCharsets.ISO_8859_1));
      }
    }
  }
}
