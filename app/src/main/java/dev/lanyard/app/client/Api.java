package dev.lanyard.app.client;

import dev.lanyard.app.input.Durations;
import dev.lanyard.app.input.Reason;
import dev.lanyard.app.input.Visible;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.http.ContextHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The server's HTTP API. Each call ends with its context: Ctrl+C closes the connection, and the
 * server learns of it. Any thread may call it.
 */
final class Api implements AutoCloseable {
  /** What {@code lanyard run} takes too; a list of 500 tasks has a tenth of it. */
  private static final int LARGEST_ANSWER = 64 << 20;

  private final URI server;
  private final @Nullable String token;
  private final Duration timeout;
  private final HttpClient http;
  private final ContextHttpClient client;

  /** {@code timeout} is how long an answer may take, other than that of a wait or a stream. */
  Api(URI server, @Nullable String token, Duration timeout) {
    this.server = server;
    this.token = token;
    this.timeout = timeout;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER) // the token is for this server only
            .connectTimeout(timeout);
    if ("http".equalsIgnoreCase(server.getScheme())) builder.sslContext(trustingNobody());
    this.http = builder.build();
    this.client = ContextHttpClient.over(http);
  }

  /**
   * Without TLS there is nobody to trust. The usual context would read the certificates of all
   * authorities first, a quarter of the time that a short command takes.
   */
  private static SSLContext trustingNobody() {
    try {
      SSLContext nobody = SSLContext.getInstance("TLS");
      nobody.init(new KeyManager[0], new TrustManager[0], null);
      return nobody;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }

  URI server() {
    return server;
  }

  Duration timeout() {
    return timeout;
  }

  /** An answer, and the status that it came with. */
  record Answer(int status, Fields fields) {}

  Fields get(Context context, String path) throws Failure, InterruptedException {
    try (CancellableContext within = context.withTimeout(timeout)) {
      return json(call(within, request(path).GET())).fields();
    }
  }

  String text(Context context, String path) throws Failure, InterruptedException {
    try (CancellableContext within = context.withTimeout(timeout)) {
      HttpResponse<InputStream> response = call(within, request(path).GET());
      return new String(bytes(response), StandardCharsets.UTF_8);
    }
  }

  Fields post(Context context, String path, Map<String, ?> body)
      throws Failure, InterruptedException {
    try (CancellableContext within = context.withTimeout(timeout)) {
      return post(within, path, body, Map.of()).fields();
    }
  }

  /** Takes as long as the context has: the caller knows how long the server is asked to wait. */
  Answer postWaiting(
      Context context, String path, Object body, Map<String, String> headers, Duration wait)
      throws Failure, InterruptedException {
    try (CancellableContext within = context.withTimeout(wait.plus(timeout))) {
      return post(within, path, body, headers);
    }
  }

  private Answer post(Context context, String path, Object body, Map<String, String> headers)
      throws Failure, InterruptedException {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.write(body)));
    headers.forEach(request::header);
    return json(call(context, request));
  }

  /** A stream of events; the body ends with the context, and has to be closed. */
  InputStream events(Context context, String path, @Nullable String lastEventId)
      throws Failure, InterruptedException {
    HttpRequest.Builder request =
        request(path).setHeader("Accept", "text/event-stream").header("Cache-Control", "no-store");
    if (lastEventId != null) request.header("Last-Event-ID", lastEventId);
    return call(context, request.GET()).body();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path))
            .header("Accept", "application/json, text/plain;q=0.9");
    if (token != null) request.header("Authorization", "Bearer " + token);
    return request;
  }

  private HttpResponse<InputStream> call(Context context, HttpRequest.Builder request)
      throws Failure, InterruptedException {
    HttpResponse<InputStream> response;
    try {
      response = client.send(context, request.build(), BodyHandlers.ofInputStream());
    } catch (DeadlineExceededException e) {
      throw late();
    } catch (IOException e) {
      throw notReachable(e);
    }
    if (response.statusCode() / 100 != 2) throw refused(response);
    return response;
  }

  private Answer json(HttpResponse<InputStream> response) throws Failure {
    byte[] bytes = bytes(response);
    try {
      return new Answer(
          response.statusCode(), Fields.of(Json.read(new String(bytes, StandardCharsets.UTF_8))));
    } catch (JacksonException _) {
      throw strange(response.statusCode());
    }
  }

  private byte[] bytes(HttpResponse<InputStream> response) throws Failure {
    try (InputStream body = response.body()) {
      byte[] bytes = body.readNBytes(LARGEST_ANSWER + 1);
      if (bytes.length <= LARGEST_ANSWER) return bytes;
      throw new Failure(ExitCode.SERVER_FAILED, "the answer is larger than 64 MiB: ask for less");
    } catch (IOException e) {
      if (e.getCause() instanceof DeadlineExceededException) throw late();
      if (e.getCause() instanceof ContextException ended) throw ended;
      throw notReachable(e);
    }
  }

  private Failure refused(HttpResponse<InputStream> response) throws Failure {
    int status = response.statusCode();
    Fields problem = Fields.NONE;
    try {
      problem = Fields.of(Json.read(new String(bytes(response), StandardCharsets.UTF_8)));
    } catch (JacksonException _) {
      // A proxy on the way answers in HTML.
    }
    String said = problem.text("detail");
    if (said == null) said = problem.text("title");
    if (said == null) return strange(status);
    String message = Visible.of(said);
    if (status == 401) message += " (give the token with --token-file or LANYARD_TOKEN)";
    ExitCode code = status / 100 == 4 ? ExitCode.REFUSED : ExitCode.SERVER_FAILED;
    return new Failure(code, message, problem);
  }

  private Failure strange(int status) {
    return new Failure(
        status / 100 == 4 ? ExitCode.REFUSED : ExitCode.SERVER_FAILED,
        server + " answered with status " + status + " and no words of the API: is that a Lanyard?",
        Fields.of(Map.of("status", status)));
  }

  private Failure late() {
    return new Failure(
        ExitCode.NOT_REACHABLE,
        "no answer from " + server + " within " + Durations.exact(timeout) + " (--timeout)");
  }

  private Failure notReachable(IOException e) {
    if (!(e instanceof ConnectException)) {
      return new Failure(
          ExitCode.NOT_REACHABLE,
          "the connection to " + server + " broke: " + Visible.of(Reason.of(e)));
    }
    return new Failure(
        ExitCode.NOT_REACHABLE,
        "nothing answers at "
            + server
            + "\nStart a server with: lanyard serve"
            + "\nor say where one is with --server URL or LANYARD_SERVER");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
