package dev.lanyard.app.server;

import dev.lanyard.app.input.Address;
import dev.lanyard.app.input.Reason;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.TimeSource;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.DurableSettings;
import dev.lanyard.durable.StoreException;
import dev.lanyard.durable.StoredEvent;
import dev.lanyard.tasks.Exec;
import dev.lanyard.tasks.Http;
import dev.lanyard.tasks.TaskKind;
import dev.lanyard.vertx.Limits;
import dev.lanyard.vertx.RequestContexts;
import dev.lanyard.vertx.RequestSettings;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node behind an HTTP interface. It begins to listen before the database is open, and goes on
 * while it drains, so that whoever asks how it is gets an answer.
 */
final class TaskServer implements AutoCloseable {
  /** How long an answer may still be on its way at the end. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  private static final int REQUESTS_AT_ONCE = 5_000;
  private static final int MOST_LEFTOVERS = 10_000;

  private final ServeSettings settings;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final Readiness readiness = new Readiness();
  private final MetricsPage metrics = new MetricsPage();
  private final CancellableContext base = Context.background().withCancel();
  private final RequestContexts requests;
  private final Site site;
  private final HttpServer server;
  private @Nullable Plant plant;

  /** It cannot listen, or has no database. The message is for the user. */
  static final class NotStarted extends Exception {
    private static final long serialVersionUID = 1;

    NotStarted(String message) {
      super(message);
    }
  }

  TaskServer(ServeSettings settings) {
    this.settings = settings;
    Limits limits =
        Limits.standard()
            .withBody(Call.LARGEST_BODY)
            .withAtOnce(REQUESTS_AT_ONCE)
            .withIdle(SubmittingCall.LONGEST_WAIT.plus(Duration.ofMinutes(1)));
    this.requests =
        RequestContexts.with(
            RequestSettings.standard()
                .withBase(base)
                .withLimits(limits)
                .withListener(metrics.meters()::request));
    this.site = new Site(vertx, requests, settings, readiness, metrics);
    this.server = requests.attach(vertx.createHttpServer(limits.options().setTcpNoDelay(true)));
  }

  /** From now on it answers that it is starting. */
  void listen() throws NotStarted {
    Address wanted = settings.listen();
    try {
      server.requestHandler(site.router()).listen(wanted.port(), wanted.host()).await();
    } catch (Exception e) { // await() throws what failed, whatever that is
      throw new NotStarted("cannot listen on " + wanted + ": " + Reason.of(e));
    }
  }

  /**
   * Opens the database, and works.
   *
   * @return how many tasks were running when an earlier process broke off
   */
  long open() throws NotStarted {
    Instant begun = TimeSource.system().instant().truncatedTo(ChronoUnit.MILLIS);
    Database database = database();
    try {
      long leftovers = leftovers(database, begun);
      work(database, DurableProcessor.start(base, database, this::settings));
      return leftovers;
    } catch (RuntimeException failed) {
      database.close();
      if (failed instanceof StoreException) throw new NotStarted(Reason.of(failed));
      throw failed;
    }
  }

  private Database database() throws NotStarted {
    try {
      Path file = settings.file();
      if (file != null) PrivateFile.make(file);
      return Database.open(settings.db(), settings.dbUser(), settings.dbPassword());
    } catch (IOException e) {
      throw new NotStarted("cannot make the file of " + settings.db() + ": " + e);
    } catch (StoreException | IllegalArgumentException e) {
      throw new NotStarted(Reason.of(e));
    }
  }

  private void work(Database database, DurableProcessor processor) {
    try {
      open(database, processor);
    } catch (RuntimeException failed) {
      processor.close();
      throw failed;
    }
  }

  private void open(Database database, DurableProcessor processor) {
    var stats = new LiveStats(database, processor.nodeId());
    TaskMeters meters = metrics.meters();
    meters.figures(stats.recent()); // before any event is counted
    var feed =
        new EventFeed(
            base, database.store(), stats, event -> meters.happened(event, processor.nodeId()));
    meters.watch(processor, feed);
    var opened = new Plant(settings, database, processor, stats, feed, meters, readiness);
    plant = opened;
    site.open(opened);
    readiness.ready(database);
  }

  /**
   * On SQLite, opening puts back what an earlier process had; that is what the last events then
   * tell. On PostgreSQL the nodes see to it when heartbeats are missing.
   */
  private long leftovers(Database database, Instant begun) {
    if (!settings.isSqlite()) return 0;
    long last = database.store().lastEvent();
    return database.store().eventsAfter(Math.max(0, last - MOST_LEFTOVERS), MOST_LEFTOVERS).stream()
        .filter(event -> event.type() == StoredEvent.Type.LOST)
        .filter(event -> !event.at().isBefore(begun))
        .count();
  }

  private DurableSettings settings(DurableSettings defaults) {
    DurableSettings all =
        defaults
            .withWorkers(settings.workers())
            .withMaxTimeout(settings.maxTimeout())
            .withRetention(settings.retention().completed(), settings.retention().failed())
            .withContext(Traces::restore);
    for (Map.Entry<String, Integer> limit : settings.limits().entrySet()) {
      all = all.withLimit(limit.getKey(), limit.getValue());
    }
    // Whoever can submit can run commands here; they need not have our secrets as well.
    all = all.withKind(Exec.kindWithout(Setting.secretVariables()));
    all = all.withKind(Http.kindWith(Traces::headers));
    for (TaskKind<?> kind : all.kinds().values()) {
      all = all.withKind(MeasuredKind.of(kind, metrics.meters()));
    }
    return all;
  }

  Plant plant() {
    return Objects.requireNonNull(plant, "it is not open");
  }

  List<Route> routes() {
    return site.router().getRoutes();
  }

  Address listening() {
    return settings.listen().withPort(server.actualPort());
  }

  /**
   * Takes no more tasks and lets those that run end, but answers all the while.
   *
   * @return whether all have ended
   */
  boolean drain() throws InterruptedException {
    readiness.draining();
    return plant().processor().drain(Deadline.after(settings.drain()));
  }

  /** Ends what runs, puts it back into the queue, and gives everything back. */
  @Override
  public void close() {
    Plant opened = plant;
    if (opened != null) opened.processor().close();
    requests.shutdown(LAST_ANSWERS).await();
    if (opened != null) {
      opened.feed().close();
      opened.database().close();
    }
    base.cancel();
    vertx.close().await();
  }
}
