package dev.lanyard.benchmarks.http;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Listens in plain HTTP and in TLS, with an event loop for each processor, and says where. Both
 * servers of this language stand on it, so that they differ in their handlers alone.
 */
final class VertxServer {
  private static final String LOOPBACK = "127.0.0.1";

  private VertxServer() {}

  /** What answers: given to each of the instances of a server. */
  @FunctionalInterface
  interface Application {
    void serve(Vertx vertx, HttpServer server);
  }

  /**
   * Listens for ever.
   *
   * @param applications gives one for the server in plain HTTP and one for the other
   */
  static void listen(
      Path keyStore, Supplier<HttpServerOptions> options, Supplier<Application> applications) {
    Application ofPlain = applications.get();
    Application ofEncrypted = applications.get();
    var listening = new AtomicReference<Notice>();
    int loops = Runtime.getRuntime().availableProcessors();
    Vertx.vertx()
        .deployVerticle(
            () ->
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    HttpServer plain = vertx.createHttpServer(plain(options.get()));
                    ofPlain.serve(vertx, plain);
                    HttpServer encrypted =
                        vertx.createHttpServer(encrypted(options.get(), keyStore));
                    ofEncrypted.serve(vertx, encrypted);
                    // A negative port is one that the system chooses, the same in every instance.
                    return Future.all(plain.listen(-1, LOOPBACK), encrypted.listen(-2, LOOPBACK))
                        .onSuccess(_ ->
                            listening.set(
                                new Notice.Listening(plain.actualPort(), encrypted.actualPort())));
                  }
                },
            new DeploymentOptions().setInstances(loops))
        .onSuccess(_ -> IO.println(listening.get()))
        .onFailure(failure -> {
          failure.printStackTrace();
          System.exit(1);
        });
  }

  private static HttpServerOptions plain(HttpServerOptions options) {
    // As many as net.core.somaxconn allows: thousands connect at once.
    return options.setHttp2ClearTextEnabled(true).setAcceptBacklog(4096);
  }

  private static HttpServerOptions encrypted(HttpServerOptions options, Path keyStore) {
    return options
        .setSsl(true)
        .setUseAlpn(true)
        .setKeyCertOptions(
            new PfxOptions().setPath(keyStore.toString()).setPassword(KeyStoreFile.PASSWORD));
  }
}
