package dev.lanyard.app.gateway;

import dev.lanyard.app.input.Address;
import dev.lanyard.app.input.Reason;
import dev.lanyard.gateway.AdminPages;
import dev.lanyard.gateway.Gateway;
import dev.lanyard.gateway.GatewaySettings;
import dev.lanyard.http.Incoming;
import dev.lanyard.vertx.AccessLog;
import dev.lanyard.vertx.ErrorResponses;
import dev.lanyard.vertx.Limits;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import dev.lanyard.vertx.ShutdownReport;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A gateway on an event loop for each processor, and its pages for operators. */
final class GatewayServer implements AutoCloseable {
  private final GatewayFile.Plan plan;
  private final int eventLoops = Runtime.getRuntime().availableProcessors();
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(eventLoops + 1));
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RequestContexts requests;
  private final Gateway gateway;
  private final Router router;
  private final AtomicInteger port = new AtomicInteger();
  private @Nullable HttpServer admin;

  /** It cannot listen. The message is for the user. */
  static final class NotStarted extends Exception {
    private static final long serialVersionUID = 1;

    NotStarted(String message) {
      super(message);
    }
  }

  GatewayServer(GatewayFile.Plan plan, @Nullable AccessLog log) {
    this.plan = plan;
    RequestSettings settings =
        RequestSettings.standard()
            .withIncoming(plan.trusting() ? Incoming.trusted() : Incoming.fromTheEdge())
            .withLimits(plan.limits());
    this.requests = RequestContexts.with(log == null ? settings : settings.withListener(log));
    this.gateway =
        Gateway.with(vertx, new GatewaySettings(plan.routes(), plan.trusting(), registry));
    this.router = Router.router(vertx);
    router.route().handler(requests).failureHandler(ErrorResponses.problems());
    router.route().handler(gateway);
  }

  void start() throws NotStarted {
    Address wanted = plan.listen();
    try {
      var each = new DeploymentOptions().setInstances(eventLoops);
      vertx.deployVerticle(Listener::new, each).await();
      Address pages = plan.admin();
      if (pages == null) return;
      wanted = pages;
      Router operators = Router.router(vertx);
      AdminPages.add(operators, gateway, requests, registry::scrape);
      admin =
          vertx
              .createHttpServer()
              .requestHandler(operators)
              .listen(pages.port(), pages.host())
              .await();
    } catch (Exception e) { // await() throws what failed, whatever that is
      throw notStarted(wanted, e);
    }
  }

  private static NotStarted notStarted(Address wanted, Exception e) {
    return new NotStarted("cannot listen on " + wanted + ": " + Reason.of(e));
  }

  /** One event loop. */
  private final class Listener extends VerticleBase {
    @Override
    public Future<?> start() {
      // negative: the system chooses one for all of them
      int wanted = plan.listen().port() == 0 ? -1 : plan.listen().port();
      return requests
          .attach(vertx.createHttpServer(options()))
          .requestHandler(router)
          .listen(wanted, plan.listen().host())
          .onSuccess(server -> port.set(server.actualPort()));
    }
  }

  private HttpServerOptions options() {
    Limits limits = plan.limits();
    HttpServerOptions options =
        (plan.http2() ? limits.optionsWithCleartextHttp2() : limits.options()).setTcpNoDelay(true);
    ServerCertificate tls = plan.tls();
    return tls == null ? options : tls.shownBy(options);
  }

  Address listening() {
    return plan.listen().withPort(port.get());
  }

  @Nullable Address admin() {
    HttpServer open = admin;
    Address wanted = plan.admin();
    return open == null || wanted == null ? null : wanted.withPort(open.actualPort());
  }

  int underWay() {
    return requests.underWay();
  }

  /** Waits until all is over. */
  ShutdownReport shutdown(Duration drain) {
    return requests.shutdown(drain).await();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
