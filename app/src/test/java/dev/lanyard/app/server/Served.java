package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.app.input.Address;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A real server on a free port with a new database, and a client that talks to it. */
final class Served implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final TaskServer server;
  final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, String> headers = new HashMap<>();

  private Served(TaskServer server) {
    this.server = server;
  }

  /** {@code options} are names and values, as on the command line. */
  static Served in(Path directory, String... options) throws TaskServer.NotStarted {
    Served served = listening(directory, options);
    long leftovers = served.server.open();
    assertThat(leftovers).isNotNegative();
    return served;
  }

  /** Without a database. */
  static Served listening(Path directory, String... options) throws TaskServer.NotStarted {
    Map<Setting, String> given = new HashMap<>();
    given.put(Setting.LISTEN, "127.0.0.1:0");
    for (int i = 0; i < options.length; i += 2) {
      String name = options[i].substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
      given.put(Setting.valueOf(name), options[i + 1]);
    }
    var reader = new SettingsReader(Configuration.of(given, _ -> null, Map.of()));
    ServeSettings settings = reader.read(new DataDirectory(directory));
    assertThat(reader.problems()).isEmpty();
    var server = new TaskServer(settings);
    server.listen();
    return new Served(server);
  }

  Served withHeader(String name, String value) {
    headers.put(name, value);
    return this;
  }

  Address address() {
    return server.listening();
  }

  URI uri(String path) {
    return URI.create("http://" + address() + path);
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
    headers.forEach(request::setHeader);
    return request;
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  HttpResponse<String> post(String path, String body, String... more)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
    if (more.length > 0) request.headers(more);
    return send(request.POST(BodyPublishers.ofString(body)));
  }

  /** Submits one task. */
  JsonObject submit(String body) throws IOException, InterruptedException {
    return submitAll(body).getFirst();
  }

  List<JsonObject> submitAll(String body) throws IOException, InterruptedException {
    HttpResponse<String> response = post("/api/tasks", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return objects(new JsonObject(response.body()).getJsonArray("tasks"));
  }

  static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  JsonObject task(String id) {
    return json("/api/tasks/" + id);
  }

  JsonObject json(String path) {
    try {
      HttpResponse<String> response = get(path);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return new JsonObject(response.body());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  JsonObject awaitState(String id, String state) {
    return await(() -> task(id), task -> task.getString("state").equals(state));
  }

  /** Asks until the answer is right, for as long as a stalled machine may take. */
  static <T> T await(Supplier<T> ask, Predicate<T> right) {
    long begun = System.nanoTime();
    T last;
    do {
      last = ask.get();
      if (right.test(last)) return last;
      LockSupport.parkNanos(10_000_000);
    } while (System.nanoTime() - begun < PATIENCE.toNanos());
    throw new AssertionError("still " + last);
  }

  static @Nullable String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
