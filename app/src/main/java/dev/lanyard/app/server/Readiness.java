package dev.lanyard.app.server;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.durable.Database;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Whether this server should be sent requests. Only goes forward. */
final class Readiness {
  enum Phase {
    /** The database is not open yet. */
    STARTING,
    /** It answers and works. */
    READY,
    /** It lets running tasks end and takes no more. */
    DRAINING
  }

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final AtomicReference<@Nullable CompletableFuture<Boolean>> asking =
      new AtomicReference<>();
  private volatile Phase phase = Phase.STARTING;
  private volatile @Nullable Database database;

  void ready(Database opened) {
    database = opened;
    phase = Phase.READY;
  }

  void draining() {
    phase = Phase.DRAINING;
  }

  boolean isDraining() {
    return phase == Phase.DRAINING;
  }

  /** For {@code /healthz}: that it is asked at all says that the process lives. */
  Answer health() {
    return Answer.json(json -> json.writeStringProperty("status", "ok"));
  }

  /** For {@code /readyz}. Whoever asks waits a second at most: the database may take longer. */
  Answer answer() throws InterruptedException {
    Phase now = phase;
    Database opened = database;
    String reason =
        switch (now) {
          case STARTING -> "the database is being opened";
          case DRAINING -> "the server is shutting down";
          case READY -> opened != null && reachable(opened) ? null : "the database does not answer";
        };
    return Answer.json(
        reason == null ? 200 : 503,
        json -> {
          boolean lost = now == Phase.READY && reason != null;
          json.writeStringProperty(
              "status", lost ? "unavailable" : now.name().toLowerCase(Locale.ROOT));
          Json.text(json, "reason", reason);
        });
  }

  /** One asks the database at a time, however many ask here. */
  private boolean reachable(Database opened) throws InterruptedException {
    CompletableFuture<Boolean> known = asking.get();
    if (known == null || known.isDone()) {
      var own = new CompletableFuture<Boolean>();
      if (asking.compareAndSet(known, own)) {
        var _ =
            Thread.ofVirtual()
                .name("lanyard-readiness")
                .start(() -> own.complete(opened.isReachable()));
      }
    }
    CompletableFuture<Boolean> latest = asking.get();
    if (latest == null) return false;
    try (CancellableContext patient = Context.current().withTimeout(PATIENCE)) {
      return patient.await(latest);
    } catch (ContextException _) {
      return false;
    }
  }
}
