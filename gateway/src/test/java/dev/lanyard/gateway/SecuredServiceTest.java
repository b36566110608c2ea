package dev.lanyard.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Services over TLS, checked by the certificates that this JVM trusts. */
@Isolated("sets what the JVM trusts")
class SecuredServiceTest {
  private static final String PASSWORD = "not-a-secret";

  @TempDir static Path directory;
  private static Path store;
  private final Vertx vertx = Vertx.vertx();
  private final Properties before = new Properties();
  private int port;

  @BeforeAll
  static void makeStore() throws Exception {
    store = make(directory.resolve("localhost.p12"));
  }

  @BeforeEach
  void serve() throws Exception {
    before.putAll(System.getProperties());
    var options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(true)
            .setKeyCertOptions(new PfxOptions().setPath(store.toString()).setPassword(PASSWORD));
    HttpServer service =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> request.response().end("over " + request.version()))
            .listen(0, "127.0.0.1")
            .await();
    port = service.actualPort();
  }

  /** For localhost, and not for 127.0.0.1. */
  private static Path make(Path file) throws Exception {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    String options =
        " -genkeypair -alias server -keyalg EC -dname CN=localhost -ext san=dns:localhost"
            + " -validity 2 -storetype PKCS12 -storepass "
            + PASSWORD;
    var command = new ArrayList<>(List.of((keytool + options).split(" ")));
    command.addAll(List.of("-keystore", file.toString()));
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exit != 0) throw new AssertionError("keytool exited with " + exit);
    return file;
  }

  @AfterEach
  void restore() {
    System.setProperties(before);
    vertx.close().await();
  }

  private static void trust() {
    System.setProperty("javax.net.ssl.trustStore", store.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
  }

  private static void another(HttpServerRequest request) {
    request.response().setStatusCode(418).end();
  }

  private String answer(String host, UnaryOperator<Route> change) throws Exception {
    URI service = URI.create("https://" + host + ":" + port);
    try (var proxied =
        new Proxied(_ -> change.apply(Route.to("/", service)), SecuredServiceTest::another)) {
      var response = GatewayTest.get(proxied, "/");
      return response.statusCode() == 200 ? response.body() : "" + response.statusCode();
    }
  }

  @Test
  @DisplayName("a service whose certificate is trusted is asked, over HTTP/1.1 or HTTP/2")
  void trusted() throws Exception {
    trust();
    assertThat(answer("localhost", UnaryOperator.identity())).isEqualTo("over HTTP_1_1");
    assertThat(answer("localhost", Route::overHttp2Only)).isEqualTo("over HTTP_2");
  }

  @Test
  @DisplayName("one with a certificate that nobody vouches for, or for another host, is not: 502")
  void notTrusted() throws Exception {
    assertThat(answer("localhost", UnaryOperator.identity())).isEqualTo("502");
    trust();
    assertThat(answer("127.0.0.1", UnaryOperator.identity())).isEqualTo("502");
    assertThat(answer("127.0.0.1", Route::overHttp2Only)).isEqualTo("502");
  }
}
