package dev.lanyard.app.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Issue 7, point 5: what each attack gets. A slow reader of events is in {@link EventsTest}. */
class AttackTest {
  private static final String SECRET = "a-token-of-24-characters";
  private static final String TASK = "{\"name\":\"T\",\"sleep\":\"0\"}";

  @TempDir Path directory;
  private Served served;

  @BeforeEach
  void serve() throws Exception {
    served =
        Served.in(directory, "--token", SECRET).withHeader("Authorization", "Bearer " + SECRET);
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private String wire(String body, String... head) throws Exception {
    return Wire.exchange(served.address(), body, head);
  }

  private String[] post(String... more) {
    return Stream.concat(
            Stream.of(
                "POST /api/tasks HTTP/1.1",
                "Host: " + served.address(),
                "Authorization: Bearer " + SECRET,
                "Content-Length: " + TASK.length()),
            Stream.of(more))
        .toArray(String[]::new);
  }

  @TestFactory
  @DisplayName("a wrong or missing token: 401, on every call, and nothing of what is there")
  Stream<DynamicTest> tokens() {
    return Stream.of(
            "GET /api/tasks",
            "GET /api/tasks/x",
            "GET /api/events",
            "GET /api/stats",
            "GET /api/openapi.json",
            "GET /metrics",
            "POST /api/tasks",
            "POST /api/pause",
            "POST /api/tasks/x/cancel")
        .flatMap(call ->
            Stream.of("", "Authorization: Bearer " + SECRET + "x", "Authorization: Basic " + SECRET)
                .map(header ->
                    DynamicTest.dynamicTest(
                        call + " " + header,
                        () -> {
                          String answer =
                              wire(
                                  "",
                                  call + " HTTP/1.1",
                                  "Host: " + served.address(),
                                  header.isEmpty() ? "X-None: 1" : header);
                          assertThat(Wire.status(answer)).isEqualTo(401);
                          assertThat(answer).contains("WWW-Authenticate: Bearer");
                          assertThat(answer).doesNotContain(SECRET);
                        })));
  }

  @TestFactory
  @DisplayName("paths that go around a check: never an answer without the token")
  Stream<DynamicTest> paths() {
    return Stream.of(
            "//api/tasks",
            "/./api/tasks",
            "/x/../api/tasks",
            "/%61pi/tasks",
            "/api/%2e/tasks",
            "/api//tasks",
            "/API/tasks",
            "/api/tasks/",
            "/api/tasks;x",
            "/api/tasks%00",
            "/../../etc/passwd",
            "/..%2f..%2fetc/passwd",
            "/%2e%2e/%2e%2e/Main.class",
            "/../Main.class",
            "/..\\..\\Main.class",
            "/index.html/",
            "/.index.html",
            "http://evil.example/api/tasks")
        .map(path ->
            DynamicTest.dynamicTest(
                path,
                () -> {
                  String answer =
                      wire("", "GET " + path + " HTTP/1.1", "Host: " + served.address());
                  assertThat(Wire.status(answer)).as(answer).isIn(400, 401, 404, 421);
                  assertThat(answer).doesNotContain("\"tasks\"", "root:", "CAFEBABE");
                }));
  }

  @TestFactory
  @DisplayName("DNS rebinding: a name that is not ours gets 421, whatever it asks for")
  Stream<DynamicTest> hosts() {
    return Stream.of(
            "evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example")
        .map(host ->
            DynamicTest.dynamicTest(
                host,
                () -> {
                  for (String path : List.of("/", "/api/tasks", "/healthz")) {
                    String answer =
                        wire(
                            "",
                            "GET " + path + " HTTP/1.1",
                            "Host: " + host,
                            "Authorization: Bearer " + SECRET);
                    assertThat(Wire.status(answer)).isEqualTo(421);
                  }
                }));
  }

  @TestFactory
  @DisplayName("a page of another site that submits: 403")
  Stream<DynamicTest> crossSite() {
    return Stream.of(
            "Origin: http://evil.example",
            "Origin: null",
            "Origin: http://localhost:1",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Site: same-site")
        .map(header ->
            DynamicTest.dynamicTest(
                header,
                () ->
                    assertThat(
                            Wire.status(wire(TASK, post(header, "Content-Type: application/json"))))
                        .isEqualTo(403)));
  }

  @Test
  @DisplayName("the page of this server may submit")
  void ownPage() throws Exception {
    String answer =
        wire(
            TASK,
            post(
                "Origin: http://" + served.address(),
                "Sec-Fetch-Site: same-origin",
                "Content-Type: application/json;charset=UTF-8"));
    assertThat(Wire.status(answer)).isEqualTo(201);
  }

  @TestFactory
  @DisplayName("what a form could send, or what is encoded: 415")
  Stream<DynamicTest> types() {
    return Stream.of(
            "X-None: 1",
            "Content-Type: text/plain",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Type: application/json; charset=utf-16",
            "Content-Type: application/json\r\nContent-Encoding: gzip")
        .map(header ->
            DynamicTest.dynamicTest(
                header, () -> assertThat(Wire.status(wire(TASK, post(header)))).isEqualTo(415)));
  }

  @TestFactory
  @DisplayName("bodies that are no tasks: 400 or 422 with what is wrong, and nothing is stored")
  Stream<DynamicTest> bodies() {
    return Stream.of(
            "",
            "{",
            "[]",
            "null",
            "7",
            "\"x\"",
            "{}",
            "{\"tasks\":{}}",
            "{\"tasks\":[null]}",
            "{\"name\":\"A\",\"name\":\"B\",\"sleep\":\"0\"}",
            "{\"name\":\"A\",\"sleep\":\"0\"} {}",
            "{\"name\":\"A\",\"sleep\":\"0\",\"exec\":[\"true\"]}",
            "{\"name\":\"A\",\"sleep\":1e999}",
            "{\"name\":\"A\",\"sleep\":\"0\",\"priority\":99999}",
            "{\"name\":\"A\",\"sleep\":\"0\",\"priority\":" + "9".repeat(5000) + "}",
            "{\"name\":\"A\",\"sleep\":\"0\",\"timeout\":\"1h\"}",
            "{\"name\":\"" + "x".repeat(201) + "\",\"sleep\":\"0\"}",
            "{\"name\":\"A\",\"sleep\":\"0\",\"id\":\"../../x\"}",
            "{\"name\":\"A\",\"sleep\":\"0\",\"parent\":\"A\"}",
            "{\"name\":\"A\",\"sleep\":\"0\",\"parent\":\"nobody\"}",
            "{\"name\":\"A\",\"sleep\":\"0\",\"at\":\"+999999999-01-01T00:00:00Z\"}",
            "{\"name\":\"A\",\"http\":\"file:///etc/passwd\"}",
            "[".repeat(100_000),
            "{\"tasks\":".repeat(2000))
        .map(body ->
            DynamicTest.dynamicTest(
                "body " + (body.length() > 60 ? body.substring(0, 60) + "…" : body),
                () -> {
                  HttpResponse<String> response = served.post("/api/tasks", body);
                  assertThat(response.statusCode()).as(response.body()).isIn(400, 422);
                  JsonObject problem = new JsonObject(response.body());
                  assertThat(problem.getInteger("status")).isEqualTo(response.statusCode());
                  assertThat(problem.getString("detail")).isNotBlank();
                  assertThat(response.body().length()).isLessThan(20_000);
                  assertThat(served.json("/api/tasks").getInteger("total")).isZero();
                }));
  }

  @Test
  @DisplayName("bytes that are no text: 400")
  void noText() throws Exception {
    var request = served.request("/api/tasks").header("Content-Type", "application/json");
    byte[] bytes = {'{', (byte) 0xff, (byte) 0xfe, '}'};
    HttpResponse<String> response =
        served.send(request.POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(bytes)));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("UTF-8");
  }

  @Test
  @DisplayName("a body of 9 MB: 413, whether its length is said or not; a name of 1 MB: 422")
  void largeBodies() throws Exception {
    String name = "x".repeat(1 << 20);
    assertThat(
            served.post("/api/tasks", "{\"name\":\"" + name + "\",\"sleep\":\"0\"}").statusCode())
        .isEqualTo(422);
    String large = "[" + " ".repeat(9 << 20) + TASK + "]";
    String answer =
        wire(
            "",
            "POST /api/tasks HTTP/1.1",
            "Host: " + served.address(),
            "Authorization: Bearer " + SECRET,
            "Content-Type: application/json",
            "Content-Length: " + large.length());
    assertThat(Wire.status(answer)).isEqualTo(413);
    var unsaid =
        java.net.http.HttpRequest.BodyPublishers.ofInputStream(() ->
            new java.io.ByteArrayInputStream(
                large.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    var request = served.request("/api/tasks").header("Content-Type", "application/json");
    try {
      assertThat(served.send(request.POST(unsaid)).statusCode()).isEqualTo(413);
    } catch (java.io.IOException cutOff) {
      // also right: the server need not take in what it has refused
    }
    assertThat(served.json("/api/tasks").getInteger("total")).isZero();
  }

  @Test
  @DisplayName("more than 10,000 tasks at once: 413")
  void manyTasks() throws Exception {
    String body = "[" + (TASK + ",").repeat(10_000) + TASK + "]";
    assertThat(served.post("/api/tasks", body).statusCode()).isEqualTo(413);
  }

  @Test
  @DisplayName("a body that was read whole and refused leaves its connection to the next request")
  void connectionStays() throws Exception {
    String body = "[" + (TASK + ",").repeat(10_000) + TASK + "]";
    try (Socket socket = new Socket(served.address().host(), served.address().port())) {
      socket.setSoTimeout(30_000);
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      assertThat(keptAlive(socket, in, "POST", "Content-Length: " + body.length(), body))
          .isEqualTo(413);
      long begun = System.nanoTime();
      do {
        assertThat(keptAlive(socket, in, "GET", "X-None: 1", "")).isEqualTo(200);
      } while (System.nanoTime() - begun < 1_000_000_000L);
    }
  }

  /** The status of one request of many on a connection. */
  private int keptAlive(Socket socket, BufferedReader in, String method, String header, String body)
      throws IOException {
    String head =
        method
            + " /api/tasks HTTP/1.1\r\nHost: "
            + served.address()
            + "\r\nAuthorization: Bearer "
            + SECRET
            + "\r\nContent-Type: application/json\r\n"
            + header
            + "\r\n\r\n";
    socket.getOutputStream().write((head + body).getBytes(UTF_8));
    String status = in.readLine();
    if (status == null) throw new EOFException();
    int length = 0;
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length: ")) length = Integer.parseInt(lower.substring(16));
    }
    for (int i = 0; i < length; i++) if (in.read() < 0) throw new EOFException();
    return Integer.parseInt(status.substring(9, 12));
  }

  @TestFactory
  @DisplayName("hostile names come back as JSON of exactly that text, as no type that is rendered")
  Stream<DynamicTest> names() {
    return Stream.of(
            "<img src=x onerror=alert(1)>",
            "</script><script>alert(1)</script>",
            "\u001b[2J\u001b]0;owned\u0007",
            "a\r\nSet-Cookie: x=1",
            "\u202Egnp.exe",
            "'; drop table task; --",
            "%_%",
            "\ud83d\ude80 \u0001?")
        .map(name ->
            DynamicTest.dynamicTest(
                new JsonObject().put("name", name).encode(),
                () -> {
                  JsonObject body = new JsonObject().put("name", name).put("sleep", "0");
                  String id = served.submit(body.encode()).getString("id");
                  HttpResponse<String> response = served.get("/api/tasks/" + id);
                  assertThat(new JsonObject(response.body()).getString("name")).isEqualTo(name);
                  assertThat(Served.header(response, "Content-Type")).isEqualTo("application/json");
                  assertThat(Served.header(response, "X-Content-Type-Options"))
                      .isEqualTo("nosniff");
                  assertThat(Served.header(response, "Set-Cookie")).isNull();
                  assertThat(response.body()).doesNotContain("\u001b", "\r", "\n");
                }));
  }

  @Test
  @DisplayName("too many submissions in a second: 429 with when to come again")
  void rate(@TempDir Path other) throws Exception {
    try (Served slow = Served.in(other, "--rate", "1")) {
      int accepted = 0;
      HttpResponse<String> response;
      int tries = 0;
      do { // one in a second, however slow this machine is at times
        response = slow.post("/api/tasks", TASK);
        if (response.statusCode() == 201) accepted++;
      } while (response.statusCode() == 201 && ++tries < 100);
      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(Served.header(response, "Retry-After")).isEqualTo("1");
      assertThat(accepted).isPositive();
      assertThat(slow.json("/api/tasks").getInteger("total")).isEqualTo(accepted);
    }
  }

  @Test
  @DisplayName("each answer forbids frames, foreign scripts and sniffing")
  void headers() throws Exception {
    for (String path : List.of("/healthz", "/api/stats", "/nothing")) {
      HttpResponse<String> response = served.get(path);
      assertThat(Served.header(response, "Content-Security-Policy"))
          .contains("default-src 'none'", "frame-ancestors 'none'", "script-src 'self'")
          .doesNotContain("unsafe");
      assertThat(Served.header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(Served.header(response, "Access-Control-Allow-Origin")).isNull();
    }
  }

  @Test
  @DisplayName("another method: 405 with those that there are")
  void methods() throws Exception {
    String answer =
        wire(
            "",
            "DELETE /api/tasks HTTP/1.1",
            "Host: " + served.address(),
            "Authorization: Bearer " + SECRET);
    assertThat(Wire.status(answer)).isEqualTo(405);
  }
}
