package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** S15, where the thread that accepts connections takes no turns any more. */
class PortReleaseTest {
  private final Vertx vertx = Vertx.vertx();
  private final EventExecutor acceptor = ((VertxInternal) vertx).acceptorEventLoopGroup().next();
  private final CountDownLatch go = new CountDownLatch(1);

  @AfterEach
  void close() {
    go.countDown();
    vertx.close().await();
  }

  private void hold() {
    acceptor.execute(() -> {
      try {
        go.await();
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    });
  }

  private static void awaitEnd(Future<?> future) throws Exception {
    future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("S15: a thread that ends before its turn has let go of its ports")
  void endsMeanwhile() throws Exception {
    HttpServer server = vertx.createHttpServer().requestHandler(_ -> {});
    var _ = server.listen(0, "127.0.0.1").await();
    Future<Void> closing = server.close();
    awaitEnd(closing);
    hold();
    Future<Void> released = PortRelease.after(closing);
    var _ = acceptor.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    assertThat(released.isComplete()).isFalse();
    go.countDown();
    awaitEnd(released);
  }

  @Test
  @DisplayName("S15: one that has ended before has let go of them, too")
  void hasEnded() throws Exception {
    HttpServer server = vertx.createHttpServer().requestHandler(_ -> {});
    var _ = server.listen(0, "127.0.0.1").await();
    Future<Void> closing = server.close();
    awaitEnd(closing);
    acceptor.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    awaitEnd(PortRelease.after(closing));
  }

  @Test
  @DisplayName("S15: a shutdown does not wait for one that is stuck")
  void stuck() throws Exception {
    var requests = RequestContexts.with(RequestSettings.standard());
    HttpServer server = requests.attach(vertx.createHttpServer()).requestHandler(_ -> {});
    var _ = server.listen(0, "127.0.0.1").await();
    hold();
    awaitEnd(requests.shutdown(Duration.ZERO));
  }
}
