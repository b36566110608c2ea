package dev.lanyard.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.http.RequestEnd;
import dev.lanyard.vertx.Limits;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** HTTP/2 without TLS, on either side of the gateway. */
class Http2Test {
  private static final long CANCEL = 8;

  @SafeVarargs
  private static Proxied proxied(
      UnaryOperator<Route> change, Handler<HttpServerRequest>... services) {
    return new Proxied(Limits.standard().optionsWithCleartextHttp2(), false, change, services);
  }

  /** By prior knowledge, all requests on one connection. */
  private static HttpClient client(Proxied proxied) {
    return proxied.vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setDefaultHost("127.0.0.1")
            .setDefaultPort(proxied.port()));
  }

  private record Answer(HttpClientResponse head, Buffer body) {}

  /** Asked for on the event loop: there the body comes right behind the head. */
  private static Answer whole(Future<HttpClientResponse> response) throws Exception {
    return get(response.compose(head -> head.body().map(body -> new Answer(head, body))));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static HttpClientRequest request(HttpClient client, HttpMethod method, String path)
      throws Exception {
    return get(client.request(method, path));
  }

  @Test
  @DisplayName("a request of HTTP/2 goes on as one of HTTP/1.1: with its Host, and framed anew")
  void fromClient() throws Exception {
    var seen = new CompletableFuture<HttpServerRequest>();
    try (var proxied =
        proxied(
            UnaryOperator.identity(),
            request -> {
              seen.complete(request);
              request
                  .body()
                  .onSuccess(body ->
                      request
                          .response()
                          .putHeader("Connection", "X-Hop")
                          .putHeader("X-Hop", "1")
                          .putHeader("Keep-Alive", "timeout=5")
                          .end("got " + body));
            })) {
      HttpClientRequest request = request(client(proxied), HttpMethod.POST, "/a?b=c");
      request.authority(HostAndPort.create("shop.example", 81));
      request.putHeader("TE", "trailers").setChunked(true);
      Answer answer = whole(request.send(Buffer.buffer("hello")));
      assertThat(answer.head().version()).isEqualTo(HttpVersion.HTTP_2);
      assertThat(answer.body()).hasToString("got hello");
      assertThat(answer.head().headers().names())
          .doesNotContain("Connection", "connection", "X-Hop", "x-hop", "Keep-Alive", "keep-alive");
      MultiMap headers = seen.get(30, TimeUnit.SECONDS).headers();
      assertThat(seen.join().version()).isEqualTo(HttpVersion.HTTP_1_1);
      assertThat(seen.join().uri()).isEqualTo("/a?b=c");
      assertThat(headers.getAll("Host")).containsExactly("shop.example:81");
      assertThat(headers.getAll("Via")).containsExactly("2.0 lanyard");
      assertThat(headers.getAll("Transfer-Encoding")).containsExactly("chunked");
      assertThat(headers.names()).noneMatch(name -> name.startsWith(":"));
    }
  }

  @Test
  @DisplayName("a stream that its client resets ends its request to the service, and no other")
  void oneStreamLeaves() throws Exception {
    var waiting = new CompletableFuture<HttpServerRequest>();
    var closed = new CompletableFuture<Void>();
    try (var proxied =
        proxied(
            UnaryOperator.identity(),
            request -> {
              if ("/leave".equals(request.path())) {
                request.connection().closeHandler(_ -> closed.complete(null));
                request.response().setChunked(true).write("part");
              } else {
                waiting.complete(request);
              }
            })) {
      HttpClient client = client(proxied);
      HttpClientRequest stays = request(client, HttpMethod.GET, "/stay");
      Future<Buffer> stayed = stays.send().compose(HttpClientResponse::body);
      HttpServerRequest service = waiting.get(30, TimeUnit.SECONDS);
      HttpClientRequest leaves = request(client, HttpMethod.GET, "/leave");
      var _ = get(leaves.send());
      assertThat(leaves.connection()).isSameAs(stays.connection());
      var _ = leaves.reset(CANCEL);
      closed.get(30, TimeUnit.SECONDS);
      assertThat(proxied.nextCompleted().cause()).isInstanceOf(RequestEnd.ClientGone.class);
      service.response().end("stayed");
      assertThat(get(stayed)).hasToString("stayed");
      assertThat(proxied.upstream(0).getLong("failures")).isZero();
    }
  }

  @Test
  @DisplayName("a service that breaks off resets the stream and leaves the connection open")
  void serviceBreaksOff() throws Exception {
    try (var proxied =
        proxied(
            UnaryOperator.identity(),
            request -> {
              if ("/ok".equals(request.path())) {
                request.response().end("ok");
              } else {
                request.response().setChunked(true);
                request.response().write("part").onComplete(_ -> request.connection().close());
              }
            })) {
      HttpClient client = client(proxied);
      HttpClientRequest broken = request(client, HttpMethod.GET, "/");
      Future<Buffer> part = broken.send().compose(HttpClientResponse::body);
      assertThatThrownBy(() -> get(part)).hasMessageContaining("reset");
      HttpClientRequest next = request(client, HttpMethod.GET, "/ok");
      assertThat(get(next.send().compose(HttpClientResponse::body))).hasToString("ok");
      assertThat(next.connection()).isSameAs(broken.connection());
    }
  }

  @Test
  @DisplayName(
      "to a service over HTTP/2: one connection, trailers come back, and who leaves resets")
  void toService() throws Exception {
    var reset = new CompletableFuture<Throwable>();
    var arrived = new CompletableFuture<Void>();
    Set<SocketAddress> connections = ConcurrentHashMap.newKeySet();
    try (var proxied =
        proxied(
            Route::overHttp2Only,
            request -> {
              connections.add(request.remoteAddress());
              if ("/leave".equals(request.path())) {
                request.exceptionHandler(reset::complete);
                request.response().exceptionHandler(reset::complete);
                arrived.complete(null);
              } else {
                request
                    .body()
                    .onSuccess(body ->
                        request
                            .response()
                            .putTrailer("X-Sum", "7")
                            .end(request.version() + " " + request.authority() + " " + body));
              }
            })) {
      HttpClient client = client(proxied);
      HttpClientRequest request = request(client, HttpMethod.POST, "/");
      Answer answer = whole(request.send(Buffer.buffer("hello")));
      assertThat(answer.body()).hasToString("HTTP_2 127.0.0.1:" + proxied.port() + " hello");
      assertThat(answer.head().getTrailer("X-Sum")).isEqualTo("7");
      HttpClientRequest leaves = request(client, HttpMethod.GET, "/leave");
      Future<HttpClientResponse> nothing = leaves.send();
      arrived.get(30, TimeUnit.SECONDS);
      var _ = leaves.reset(CANCEL);
      assertThat(reset.get(30, TimeUnit.SECONDS)).hasMessageContaining("" + CANCEL);
      assertThat(get(nothing.otherwiseEmpty())).isNull();
      HttpClientRequest after = request(client, HttpMethod.POST, "/");
      assertThat(whole(after.send("again")).body().toString()).endsWith(" again");
      assertThat(connections).as("of the gateway to the service").hasSize(1);
    }
  }

  @Test
  @DisplayName("a limit that passes is answered with 504 and resets the stream to the service")
  void deadline() throws Exception {
    var reset = new CompletableFuture<Throwable>();
    try (var proxied =
        proxied(
            route -> route.overHttp2Only().withTimeout(Duration.ofSeconds(2)),
            request -> {
              request.response().exceptionHandler(reset::complete);
            })) {
      HttpClientRequest request = request(client(proxied), HttpMethod.GET, "/");
      assertThat(get(request.send()).statusCode()).isEqualTo(504);
      assertThat(reset.get(30, TimeUnit.SECONDS)).hasMessageContaining("" + CANCEL);
    }
  }
}
